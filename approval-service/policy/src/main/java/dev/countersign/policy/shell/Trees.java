package dev.countersign.policy.shell;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  /** Whether the words behind the command's name make it read all below its folders. */
  boolean reads(List<Word> words) {
    if (!verbs.isEmpty()) {
      return verb(words) >= 0;
    }
    return always || given(options, words);
  }

  /** Whether the files are named by what it reads from its input. */
  boolean namedByInput(List<Word> words) {
    return named || given(naming, words);
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

  private static boolean given(Set<String> options, List<Word> words) {
    for (Word word : words) {
      for (String option : options) {
        if (given(option, word.text())) {
          return true;
        }
      }
    }
    return false;
  }

  /** Short options may stand in a bundle, and long ones may be shortened. */
  private static boolean given(String option, String text) {
    if (option.startsWith("--")) {
      int equals = text.indexOf('=');
      String name = equals < 0 ? text : text.substring(0, equals);
      return name.length() > 3 && option.startsWith(name);
    }
    return text.equals(option)
        || option.length() == 2
            && text.matches("-[a-zA-Z0-9]+")
            && text.indexOf(option.charAt(1)) > 0;
  }
}
