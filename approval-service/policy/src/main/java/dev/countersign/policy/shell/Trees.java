package dev.countersign.policy.shell;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * How a known command reads whole folders: archivers, copies to elsewhere, searches. Whether it
 * does in one call errs towards yes.
 */
final class Trees {
  private final Set<String> options = new HashSet<>();
  private final Set<String> verbs = new HashSet<>();
  private final Set<String> naming = new HashSet<>();
  private boolean always;
  private boolean named;
  private Pattern remote;

  /** With one of these options; always if there are none. */
  void when(List<String> someOptions) {
    options.addAll(someOptions);
    always |= someOptions.isEmpty();
  }

  /** If its first operand is one of these words, which is no file. */
  void verbs(List<String> words) {
    verbs.addAll(words);
  }

  /** With one of these options it takes the names of the files from its input, or always. */
  void names(List<String> someOptions) {
    naming.addAll(someOptions);
    named |= someOptions.isEmpty();
  }

  /** What an operand looks like that lies on another machine. */
  void remote(String pattern) {
    remote = Pattern.compile(pattern, Pattern.DOTALL);
  }

  /**
   * Whether the words behind the command's name make it read all below its folders.
   *
   * @param valued which short options take the rest of their word for a value
   */
  boolean reads(List<Word> words, Predicate<String> valued) {
    if (!verbs.isEmpty()) {
      return verb(words) >= 0;
    }
    return always || given(options, words, valued);
  }

  /** Whether the files are named by what it reads from its input. */
  boolean namedByInput(List<Word> words, Predicate<String> valued) {
    return named || given(naming, words, valued);
  }

  /** Where the verb stands; -1 if there is none. */
  int verb(List<Word> words) {
    for (int i = 0; i < words.size(); i++) {
      if (!words.get(i).text().startsWith("-")) {
        return verbs.contains(words.get(i).text()) ? i : -1;
      }
    }
    return -1;
  }

  /** Whether an operand lies elsewhere, so that no file here is read. */
  boolean elsewhere(Word operand) {
    return remote != null && remote.matcher(operand.text()).matches();
  }

  private static boolean given(Set<String> options, List<Word> words, Predicate<String> valued) {
    for (Word word : words) {
      if (given(options, word.text(), valued)) {
        return true;
      }
    }
    return false;
  }

  /** Short options may stand in a bundle that ends with a value; long ones may be shortened. */
  private static boolean given(Set<String> options, String text, Predicate<String> valued) {
    if (text.length() < 2 || text.charAt(0) != '-') {
      return false;
    }
    if (options.contains(text)) {
      return true;
    }
    if (text.startsWith("--")) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      return name.length() > 3 && options.stream().anyMatch(option -> option.startsWith(name));
    }
    for (int i = 1; i < text.length() && Character.isLetterOrDigit(text.charAt(i)); i++) {
      String letter = "-" + text.charAt(i);
      if (options.contains(letter)) {
        return true;
      }
      if (valued.test(letter)) {
        return false;
      }
    }
    return false;
  }
}
