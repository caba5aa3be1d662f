package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Part;
import java.util.AbstractList;
import java.util.List;
import java.util.function.Function;

/**
 * The parts of a script of very many commands, each made when it is looked at. Of equal ones, which
 * are decided alike, there is one.
 */
final class PartsInTurn extends AbstractList<CallPart> {
  private final List<Part> parts;
  private final Function<Part, CallPart> reader;
  private final List<CallPart> others;
  private final int all;

  /**
   * A list of parts.
   *
   * @param others what follows them
   * @param all how many there are if equal ones are counted one by one
   */
  PartsInTurn(List<Part> parts, Function<Part, CallPart> reader, List<CallPart> others, int all) {
    this.parts = parts;
    this.reader = reader;
    this.others = others;
    this.all = all;
  }

  int all() {
    return all;
  }

  @Override
  public CallPart get(int index) {
    return index < parts.size() ? reader.apply(parts.get(index)) : others.get(index - parts.size());
  }

  @Override
  public int size() {
    return parts.size() + others.size();
  }
}
