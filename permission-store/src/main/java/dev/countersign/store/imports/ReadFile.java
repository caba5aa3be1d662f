package dev.countersign.store.imports;

import dev.countersign.document.Fault;
import dev.countersign.protocol.Digest;
import dev.countersign.protocol.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * A file as it was read, before anybody's document is looked at.
 *
 * @param digest of its content
 * @param items in the order of the file; those without a place come last
 */
record ReadFile(Format format, String name, String digest, List<Item> items) {
  ReadFile {
    items = items.stream().sorted(Comparator.comparingInt(ReadFile::place)).toList();
  }

  private static int place(Item item) {
    return item.line() == 0 ? Integer.MAX_VALUE : item.line();
  }

  static ReadFile of(Upload upload) throws UnreadableFileException {
    if (upload.content().length > Json.MAX_REQUEST_BYTES) {
      throw UnreadableFileException.tooLarge(
          "is %d bytes; one to import may have %d"
              .formatted(upload.content().length, Json.MAX_REQUEST_BYTES));
    }
    String text = decode(upload.content());
    Format format = upload.format() != null ? upload.format() : guessed(text);
    String name = upload.file() != null ? Texts.shown(upload.file()) : format.fileName();
    return new ReadFile(format, name, Digest.of(text), format.reader().read(text));
  }

  private static Format guessed(String text) throws UnreadableFileException {
    return Format.guess(text)
        .orElseThrow(
            () ->
                new UnreadableFileException(
                    "unknown_format",
                    new Fault(
                        0, 0, "the file", "is of no known kind; name one of " + Format.words())));
  }

  private static String decode(byte[] bytes) throws UnreadableFileException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(in).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw UnreadableFileException.malformed(
          0, 0, "is not UTF-8 from byte %d on".formatted(in.position()));
    }
  }
}
