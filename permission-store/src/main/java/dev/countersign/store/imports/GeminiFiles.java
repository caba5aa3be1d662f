package dev.countersign.store.imports;

import java.util.List;

/** Gemini CLI's files: policies in TOML, or its {@code settings.json}. */
final class GeminiFiles implements SettingsReader {
  @Override
  public List<Item> read(String text) throws UnreadableFileException {
    boolean json = text.stripLeading().startsWith("{") || text.stripLeading().startsWith("//");
    return json ? GeminiSettings.read(text) : GeminiPolicies.read(text);
  }
}
