/**
 * What stands before the internal HTTP of a service: callers are known from their headers, and what
 * they may hold at once is counted. Knows no service.
 */
package dev.countersign.door;
