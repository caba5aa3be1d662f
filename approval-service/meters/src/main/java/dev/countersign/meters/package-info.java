/**
 * What all services measure alike. No label holds what a client may choose: its values come from a
 * list that stands in the code, and whatever is not on it is {@code other}. Knows no service.
 */
package dev.countersign.meters;
