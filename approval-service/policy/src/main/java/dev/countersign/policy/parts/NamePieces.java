package dev.countersign.policy.parts;

import dev.countersign.policy.shell.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What of a word of a command may be the name of a file: {@code x} of {@code --in=x}. */
final class NamePieces {
  private static final Pattern BETWEEN = Pattern.compile("[=@:<,;{}\"']");

  /** The same in a word that is a program in some language: what it does is not known. */
  private static final Pattern IN_CODE = Pattern.compile("[=@:<]");

  private static final Pattern CODE = Pattern.compile("[\\s()]");

  private static final Pattern BLANK = Pattern.compile("\\s");

  private NamePieces() {}

  /** The pieces of a word, and those of what its choices in braces or parentheses stand for. */
  static List<String> of(String word) {
    List<String> pieces = new ArrayList<>(split(word));
    if (word.indexOf('{') >= 0 || word.indexOf('(') >= 0 && !BLANK.matcher(word).find()) {
      List<String> choices = Choices.of(word);
      for (String choice : choices.size() > 1 ? choices : List.of(Choices.widened(word))) {
        pieces.addAll(split(choice));
      }
    }
    return pieces;
  }

  private static List<String> split(String word) {
    Pattern between = CODE.matcher(word).find() ? IN_CODE : BETWEEN;
    return between.matcher(word).find() ? List.of(between.split(word)) : List.of(word);
  }

  /** How far a piece without quotes around it is known: some programs read globs themselves. */
  static Word.Certainty certainty(String piece) {
    return PathReader.wild(piece) && namesSome(piece)
        ? Word.Certainty.GLOB
        : Word.Certainty.LITERAL;
  }

  /** Whether a glob says more of a file's name than that it has one. */
  static boolean namesSome(String glob) {
    int known = 0;
    for (int i = glob.lastIndexOf('/') + 1; i < glob.length(); i++) {
      known += "*?[]".indexOf(glob.charAt(i)) < 0 ? 1 : 0;
    }
    return known > 1;
  }

  /** Whether a piece is made of letters, digits and dashes alone, as the name of a task is. */
  static boolean plain(String piece) {
    for (int i = 0; i < piece.length(); i++) {
      char c = piece.charAt(i);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (!letter && !(c >= '0' && c <= '9') && c != '_' && c != '-') {
        return false;
      }
    }
    return !piece.isEmpty();
  }
}
