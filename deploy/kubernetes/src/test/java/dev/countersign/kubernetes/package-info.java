/**
 * The manifests are rendered as an operator renders them and compared with what the code uses. They
 * are data, so nothing of this is shipped.
 */
package dev.countersign.kubernetes;
