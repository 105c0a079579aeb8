package io.claviger.console.identity;

import static io.claviger.console.served.ServedConsole.HOSTILE;
import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.identity.port.IdentityStore;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.identity.Identity;
import io.claviger.domain.identity.Issuer;
import io.claviger.domain.identity.LinkedIdentity;
import io.claviger.domain.identity.Subject;
import io.claviger.domain.identity.UnfollowedGroups;
import io.claviger.testkit.http.TestResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose account at the identity provider a user has. */
class IdentityPagesTest {
  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();
  private static final Person ROOT = CONSOLE.root();

  private static String page(String handle) {
    return "/console/people/" + handle + "/identity";
  }

  @Test
  void an_administrator_links_an_account_and_unlinks_it() {
    Person ida = CONSOLE.person("ida");
    String page = page("ida");
    assertThat(sound(ROOT.open(page).isStatus(200)).body())
        .contains("No account there is linked", "ends everything with which anybody");

    ROOT.send(page, Map.of("issuer", "https://id.example.org", "subject", HOSTILE)).isStatus(422);
    TestResponse recovered =
        ROOT.send(page, Map.of("issuer", "https://id.example.org", "subject", "<i>248</i>"));
    assertThat(sound(recovered.isStatus(200)).body()).contains("This has ended: 1 access token");

    assertThat(sound(ROOT.open(page)).body())
        .contains("https://id.example.org", "&lt;i&gt;248", "Link another account");
    ida.api().get("/v1/me").isStatus(401);
    ROOT.send(page, page + "/unlink", Map.of()).isStatus(303);
    assertThat(ROOT.open(page).body()).contains("No account there is linked");
  }

  @Test
  void an_account_of_another_user_and_one_of_a_program_are_refused() {
    Map<String, String> account = Map.of("issuer", "https://id.example.org", "subject", "7");
    CONSOLE.person("ivo");
    CONSOLE.person("ivy");
    ROOT.send(page("ivo"), account).isStatus(200);

    TestResponse taken = ROOT.send(page("ivy"), account);

    assertThat(sound(taken.isStatus(409)).body()).contains("problem", "value=\"7\"");
    ROOT.send(page("root"), account).isStatus(403);
  }

  @Test
  void groups_that_were_left_out_are_named() {
    CONSOLE.person("ina");
    ROOT.send(page("ina"), Map.of("issuer", "https://id.example.org", "subject", "9"))
        .isStatus(200);
    IdentityStore identities = CONSOLE.ports().identities();
    LinkedIdentity linked =
        identities
            .find(new Identity(new Issuer("https://id.example.org"), new Subject("9")))
            .orElseThrow()
            .identity();
    identities.update(
        new LinkedIdentity(
            linked.identity(),
            linked.user(),
            false,
            false,
            linked.linkedAt(),
            Optional.empty(),
            new UnfollowedGroups(false, List.of(HOSTILE, "b"), 5),
            false),
        Optional.empty());

    assertThat(sound(ROOT.open(page("ina"))).body())
        .contains("Groups left out", "&lt;script", "b and 3 more");
  }

  @Test
  void others_neither_see_nor_link_it() {
    Person ian = CONSOLE.person("ian");
    CONSOLE.person("ira");
    assertThat(ian.open(page("ira")).status()).isEqualTo(404);
    ian.send(page("ian"), Map.of("issuer", "https://id.example.org", "subject", "8")).isStatus(403);
  }
}
