/** The main job, played through the real interfaces. */
package dev.countersign.local.demo;
