package dev.countersign.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import java.io.IOException;
import java.util.List;

/**
 * Readers of settings that are one word out of a closed list. Whatever else stands there (another
 * type, {@code null}, another case, another word) is refused with the list. Only a setting that is
 * absent is not set.
 */
final class SettingReaders {
  private SettingReaders() {}

  static final class Mode extends Word {
    private static final long serialVersionUID = 1L;

    Mode() {
      super(SettingWords.PERMISSION_MODES);
    }
  }

  static final class EngineMode extends Word {
    private static final long serialVersionUID = 1L;

    EngineMode() {
      super(SettingWords.ENGINE_PERMISSION_MODES);
    }
  }

  static final class Approval extends Word {
    private static final long serialVersionUID = 1L;

    Approval() {
      super(SettingWords.APPROVAL_POLICIES);
    }
  }

  static final class Execution extends Word {
    private static final long serialVersionUID = 1L;

    Execution() {
      super(SettingWords.EXECUTION_POLICIES);
    }
  }

  /** A profile's word. Which custom ones there are is known to the approval service. */
  static final class Profile extends Word {
    private static final long serialVersionUID = 1L;

    Profile() {
      super(SettingWords.PROFILES);
    }

    @Override
    boolean isOne(String word) {
      return SettingWords.PROFILES.subList(0, 4).contains(word)
          || word.matches("custom\\([^()]+\\)");
    }
  }

  private abstract static class Word extends StdScalarDeserializer<String> {
    private static final long serialVersionUID = 1L;

    private final transient List<String> words;

    Word(List<String> words) {
      super(String.class);
      this.words = words;
    }

    boolean isOne(String word) {
      return words.contains(word);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String found = parser.hasToken(JsonToken.VALUE_STRING) ? parser.getText() : null;
      if (found != null && isOne(found)) {
        return found;
      }
      String hint = found != null && OlderWords.isOlder(found) ? OlderWords.HINT : "";
      String shown = found == null ? "" : ", not \"" + JsonFaults.cut(found, 60) + "\"";
      throw new RefusedSetting(parser, "must be one of " + String.join(", ", words) + shown + hint);
    }

    @Override
    public String getNullValue(DeserializationContext context) throws JsonMappingException {
      throw new RefusedSetting(
          context.getParser(), "must be one of " + String.join(", ", words) + ", not null");
    }

    @Override
    public Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }
}
