/**
 * What every service looks at before it works, so that what is wrong costs no more than one line:
 * its settings, its key, whom it trusts, its database's schema before it starts; its topics and its
 * clock while it runs. Knows no service.
 */
package dev.countersign.preflight;
