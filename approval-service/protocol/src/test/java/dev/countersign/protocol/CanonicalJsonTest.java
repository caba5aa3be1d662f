package dev.countersign.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
  /** RFC 8785, section 3.2.2 and 3.2.4. */
  @Test
  void theExampleOfTheRfc() {
    String json =
        """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
          "literals": [null, true, false]
        }
        """;

    // 333333333.33333329 is no double, so it keeps its digits; the RFC would write …3333333.
    assertEquals(
        "{\"literals\":[null,true,false],\"numbers\":[333333333.33333329,1e+30,4.5,0.002,1e-27],"
            + "\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}",
        canonical(json));
  }

  /** RFC 8785, section 3.2.3: UTF-16 code units, not code points. */
  @Test
  void keysAreInUtf16Order() {
    String json =
        "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\","
            + "\"\\ufb33\":\"Hebrew Letter Dalet With Dagesh\",\"1\":\"One\","
            + "\"\\ud83d\\ude00\":\"Emoji: Grinning Face\",\"\\u0080\":\"Control\","
            + "\"\\u00f6\":\"Latin Small Letter O With Diaeresis\"}";

    assertEquals(
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
            + "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
            + "\"😀\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}",
        canonical(json));
  }

  /** RFC 8785, appendix B, as decimal texts. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "-0.0, 0",
    "0E+999999999, 0",
    "5e-324, 5e-324",
    "-5e-324, -5e-324",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "9007199254740992, 9007199254740992",
    "-9007199254740992, -9007199254740992",
    "295147905179352830000, 295147905179352830000",
    "9.999999999999997e22, 9.999999999999997e+22",
    "1e23, 1e+23",
    "1.0000000000000001e23, 1.0000000000000001e+23",
    "999999999999999700000, 999999999999999700000",
    "999999999999999900000, 999999999999999900000",
    "1e21, 1e+21",
    "1000000000000000000000, 1e+21",
    "100000000000000000000, 100000000000000000000",
    "9.999999999999997e-7, 9.999999999999997e-7",
    "0.000001, 0.000001",
    "0.0000001, 1e-7",
    "333333333.3333332, 333333333.3333332",
    "333333333.33333325, 333333333.33333325",
    "-0.0000033333333333333333, -0.0000033333333333333333",
    "1424953923781206.2, 1424953923781206.2",
    "1.0, 1",
    "1e2, 100",
    "10.50, 10.5",
  })
  void numbersAreWrittenAsEcmaScriptDoes(String number, String canonical) {
    assertEquals(canonical, canonical(number));
  }

  @Test
  void aNumberThatNoDoubleHoldsKeepsItsDigits() {
    assertEquals("9007199254740993", canonical("9007199254740993"));
    assertNotEquals(canonical("9007199254740992"), canonical("9007199254740993"));
    assertNotEquals(canonical("1e400"), canonical("1e401"));
    assertNotEquals(canonical("0.1"), canonical("0.10000000000000000555"));
    assertEquals(canonical("1e400"), canonical("10e399"));
    assertEquals(canonical("12345678901234567890"), canonical("1234567890123456789.0e1"));
  }

  @Test
  void aHugeExponentCostsNothing() {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    canonical("1e9");
    long before = thread.getCurrentThreadAllocatedBytes();
    assertNotEquals(canonical("1e999999999"), canonical("1e999999998"));
    assertNotEquals(canonical("1e-999999999"), canonical("0"));
    long bytes = thread.getCurrentThreadAllocatedBytes() - before;
    assertTrue(bytes < 10_000_000, "a number of a milliard digits would take more: " + bytes);
  }

  @Test
  void theCanonicalFormReadsBackAsTheSameValue() {
    String form =
        canonical("{\"a\":[1e400,123456789012345678901234567890,\"\\u0000\\u007f\\u2028\"]}");

    assertEquals(form, canonical(form));
  }

  @Test
  void controlCharactersAreEscapedTheShortWay() {
    assertEquals(
        "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\u007f\u2028/\"",
        canonical("\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\\u007f\\u2028\\/\""));
  }

  @Test
  void aLoneSurrogateStaysWhatItIs() {
    assertEquals("\"\\ud83d\"", canonical("\"\\ud83d\""));
    assertEquals("\"\\ude00x\"", canonical("\"\\ude00x\""));
    assertEquals("\"😀\\ud83d\"", canonical("\"\\ud83d\\ude00\\ud83d\""));
    assertNotEquals(canonical("\"\\ud83d\""), canonical("\"?\""));
    assertNotEquals(canonical("\"\\ud83d\""), canonical("\"\\\\ud83d\""));
  }

  @Test
  void emptyContainers() {
    assertEquals("{\"a\":[],\"b\":{}}", canonical(" { \"b\" : { } , \"a\" : [ ] } "));
  }

  private static String canonical(String json) {
    JsonNode tree = Json.readTree(json.getBytes(UTF_8));
    return new String(CanonicalJson.write(tree), UTF_8);
  }
}
