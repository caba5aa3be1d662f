/**
 * {@code PERMISSIONS.json}: reading it strictly, its one text form, what an edit makes of it, and
 * what a change of it would loosen. Pure functions, shared by the store that keeps the document and
 * the service that decides with it, so that both say the same.
 */
package dev.countersign.document;
