package dev.countersign.kubernetes;

/** Compares the manifests with the code in one respect. */
@FunctionalInterface
interface Check {
  void run(Manifests manifests, Faults faults);
}
