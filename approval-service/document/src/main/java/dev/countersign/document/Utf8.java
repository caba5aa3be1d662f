package dev.countersign.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Strict decoding, so that lines and columns count characters and nothing is replaced silently. */
final class Utf8 {
  private Utf8() {}

  static String decode(byte[] bytes) throws InvalidDocumentException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      String text = decoder.decode(in).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      String detail = "is not UTF-8 from byte %d on".formatted(in.position());
      throw new InvalidDocumentException("malformed_json", List.of(new Fault(0, 0, "$", detail)));
    }
  }
}
