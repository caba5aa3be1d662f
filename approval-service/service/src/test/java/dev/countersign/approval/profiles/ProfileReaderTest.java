package dev.countersign.approval.profiles;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.countersign.approval.db.NewerSchemaException;
import dev.countersign.policy.Profile;
import dev.countersign.policy.Profile.Base;
import dev.countersign.protocol.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reader takes what the schema takes, and is stricter only where a schema cannot say it. */
class ProfileReaderTest {
  private static final JsonSchema SCHEMA = schema();

  private static JsonSchema schema() {
    try {
      return JsonSchemaFactory.getInstance(VersionFlag.V202012)
          .getSchema(Files.readString(Path.of("../../docs/profile.schema.json")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static boolean valid(String json) {
    return SCHEMA.validate(Json.readTree(bytes(json))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'schemaVersion':1,'base':'workspace'}",
        "{'schemaVersion':1,'base':'workspace','writableRoots':[]}",
        "{'schemaVersion':1,'base':'read_only','network':'none','execution':'read_only'}",
        "{'schemaVersion':1,'base':'full_access','network':'any','execution':'any'}",
        "{'schemaVersion':1,'base':'full_access','writableRoots':['/a','/b c/d/'],"
            + "'network':['example.com','*.a-b.org','127.0.0.1','[::1]'],"
            + "'execution':['make','npm run build','git -c'],'shared':true}",
      })
  void whatIsRightIsReadAndWrittenAgainAsItWas(String json) {
    assertTrue(valid(json));
    assertEquals(Json.readTree(bytes(json)), ProfileReader.read(bytes(json)).json());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'base':'workspace'}",
        "{'schemaVersion':'1','base':'workspace'}",
        "{'schemaVersion':1}",
        "{'schemaVersion':1,'base':null}",
        "{'schemaVersion':1,'base':'custom(a)'}",
        "{'schemaVersion':1,'base':'workspace','writableroots':[]}",
        "{'schemaVersion':1,'base':'workspace','writableRoots':null}",
        "{'schemaVersion':1,'base':'workspace','writableRoots':['a']}",
        "{'schemaVersion':1,'base':'workspace','writableRoots':['/a/*']}",
        "{'schemaVersion':1,'base':'workspace','network':'some'}",
        "{'schemaVersion':1,'base':'workspace','network':[]}",
        "{'schemaVersion':1,'base':'workspace','network':['http://a']}",
        "{'schemaVersion':1,'base':'workspace','network':['a..b']}",
        "{'schemaVersion':1,'base':'workspace','execution':[]}",
        "{'schemaVersion':1,'base':'workspace','execution':['npm *']}",
        "{'schemaVersion':1,'base':'workspace','execution':{'a':1}}",
        "{'schemaVersion':1,'base':'workspace','shared':1}",
        "[]",
      })
  void whatTheSchemaRefusesTheReaderRefuses(String json) {
    assertTrue(!valid(json), "the schema takes it");
    ProfileRefusedException refused =
        assertThrows(ProfileRefusedException.class, () -> ProfileReader.read(bytes(json)));
    assertEquals("invalid_profile", refused.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"make && x", "bash", "sudo make", "PATH=/x make", "a  b", "$(x)", "env"})
  void onlyThePlainBeginningOfOneCommandIsListed(String command) {
    String json = "{'schemaVersion':1,'base':'workspace','execution':['%s']}".formatted(command);
    ProfileRefusedException refused =
        assertThrows(ProfileRefusedException.class, () -> ProfileReader.read(bytes(json)));
    assertEquals("execution[0]", refused.errors().get(0).field());
  }

  @Test
  void everyFaultIsNamed() {
    ProfileRefusedException refused =
        assertThrows(
            ProfileRefusedException.class,
            () ->
                ProfileReader.read(
                    bytes("{'base':'x','writableRoots':['a','/b','c'],'color\\u0007':1}")));
    assertEquals(
        List.of("color?", "schemaVersion", "base", "writableRoots[0]", "writableRoots[2]"),
        refused.errors().stream().map(e -> e.field()).toList());
  }

  @Test
  void whatCannotBeReadAnyMoreLetsNothingThrough() {
    String odd = "{\"schemaVersion\":1,\"base\":\"full_access\",\"hours\":\"9-17\"}";
    assertEquals(Profile.of(Base.READ_ONLY), ProfileReader.stored(odd).profile());
    String newer = odd.replace("1,", "2,");
    assertThrows(NewerSchemaException.class, () -> ProfileReader.stored(newer));
  }

  @Test
  void whatIsStoredIsReadAsItWasWritten() {
    ProfileDocument written = ProfileReader.read(bytes("{'schemaVersion':1,'base':'workspace'}"));
    assertEquals(written, ProfileReader.stored(written.json().toString()));
  }
}
