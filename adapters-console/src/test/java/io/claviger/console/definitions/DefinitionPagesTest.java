package io.claviger.console.definitions;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ContractFields;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.FormBrowser;
import io.claviger.testkit.http.TestResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Definitions are listed, made, changed, shared and deleted. */
class DefinitionPagesTest {
  private static final String LIST = "/console/definitions";

  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();

  private static Map<String, String> fields(String handle) {
    return Map.of("handle", handle, "provider", "openai", "model", "m", "description", HOSTILE);
  }

  /** Sends a form that the page does not offer this person. */
  private static TestResponse forged(Person person, String path, Map<String, String> filledIn) {
    Map<String, String> sent =
        new HashMap<>(FormBrowser.fields(person.open(LIST).isStatus(200), LIST));
    sent.putAll(filledIn);
    return person.browser().post(path, sent);
  }

  @Test
  void a_definition_is_made_and_every_field_that_can_be_written_has_an_input() {
    Person ann = CONSOLE.person("ann");
    assertThat(ann.send(LIST, fields("mine")).isStatus(303).header("Location"))
        .endsWith("/console/definitions/ann/mine");
    assertThat(ann.send(LIST, fields("mine")).isStatus(412).body())
        .contains("You have a definition of this name.");
    assertThat(ann.send(LIST, Map.of("handle", "none")).isStatus(422).body())
        .contains("field-error");

    String page = sound(ann.open(LIST + "/ann/mine").isStatus(200)).body();
    assertThat(page).contains("Shared with", "https://api.openai.com/v1");
    assertThat(
            ContractFields.missing(
                ContractFields.writable("DefinitionWrite"), ContractFields.inputs(page), Map.of()))
        .isEmpty();
    assertThat(sound(ann.open(LIST).isStatus(200)).body()).contains("ann/mine");
  }

  /** A browser sends the first entry of a list if none is chosen, and that was "yes". */
  @Test
  void a_definition_is_not_public_unless_its_maker_says_so() {
    Person hal = CONSOLE.person("hal");
    Map<String, String> sent =
        new HashMap<>(FormBrowser.unchanged(hal.open(LIST).isStatus(200), LIST));
    sent.putAll(fields("private"));
    hal.browser().post(LIST, sent, "Sec-Fetch-Site", "same-origin", "Origin", "null").isStatus(303);

    hal.open(LIST + "/hal/private").isStatus(200);
    CONSOLE.person("iris").open(LIST + "/hal/private").isStatus(404);
  }

  @Test
  void a_share_lets_somebody_see_it_until_it_ends() {
    Person bea = CONSOLE.person("bea");
    Person cid = CONSOLE.person("cid");
    bea.send(LIST, fields("lent")).isStatus(303);
    String page = LIST + "/bea/lent";
    cid.open(page).isStatus(404);

    bea.send(page, page + "/share", Map.of("grantee", "cid")).isStatus(303);
    assertThat(sound(cid.open(page).isStatus(200)).body())
        .doesNotContain("Shared with", "name=\"model\"");
    assertThat(bea.open(page).body()).contains("the share of cid");
    assertThat(bea.send(page, page + "/share", Map.of("grantee", "nobody")).isStatus(422).body())
        .contains("Shared with", "id=\"grantee-more\"><span class=\"field-error\">There is no");
    for (String act : Set.of("/share", "/unshare")) {
      forged(cid, page + act, Map.of("grantee", "bea")).isStatus(403);
    }
    forged(cid, page + "/delete", Map.of("version", "1")).isStatus(403);

    bea.send(page, page + "/unshare", Map.of("grantee", "cid")).isStatus(303);
    cid.open(page).isStatus(404);
  }

  @Test
  void a_change_meets_what_somebody_else_changed_and_a_deletion_too() {
    Person dot = CONSOLE.person("dot");
    dot.send(LIST, fields("changing")).isStatus(303);
    String page = LIST + "/dot/changing";
    dot.send(page, page, Map.of("version", "1", "model", "n", "public", "true")).isStatus(303);
    assertThat(CONSOLE.person("eve").open(page).isStatus(200).body()).contains("n");
    assertThat(dot.send(page, page, Map.of("version", "1", "model", "o")).isStatus(412).body())
        .contains("n");
    dot.send(page, page + "/delete", Map.of("version", "1")).isStatus(412);
    dot.send(page, page + "/delete", Map.of("version", "2")).isStatus(303);
    dot.open(page).isStatus(404);
  }

  @Test
  void administrators_change_those_of_the_system_which_everybody_sees() {
    String page = LIST + "/_system/openai-small";
    assertThat(sound(CONSOLE.person("fay").open(page).isStatus(200)).body())
        .doesNotContain("name=\"model\"", "Delete the definition");
    assertThat(sound(CONSOLE.root().open(page).isStatus(200)).body())
        .contains("name=\"model\"", "Delete the definition")
        .doesNotContain("name=\"public\"", "Shared with");
  }
}
