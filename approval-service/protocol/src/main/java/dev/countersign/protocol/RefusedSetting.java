package dev.countersign.protocol;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonMappingException;

/** A setting that cannot be taken, with our own words for why; the reader adds where. */
final class RefusedSetting extends JsonMappingException {
  private static final long serialVersionUID = 1L;

  RefusedSetting(JsonParser parser, String why) {
    super(parser, why);
  }
}
