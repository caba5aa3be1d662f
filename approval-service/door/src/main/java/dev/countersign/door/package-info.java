/**
 * What stands before the HTTP of a service: how a body is read, counted and refused; and before
 * internal HTTP also who calls, and how much they hold at once. Knows no service.
 */
package dev.countersign.door;
