package io.claviger.console.connections;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.connections.port.ConnectionStore.ConnectionCounts;
import io.claviger.application.connections.port.ConnectionStore.NodeConnection;
import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.usage.UsageAccount;
import io.claviger.testkit.http.TestResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What owners and callers see of open WebSockets, and how they end one. */
class ConnectionPagesTest {
  @RegisterExtension private static final ServedConsole SERVED = new ServedConsole();
  private static final UUID NODE = new UUID(7, 7);
  private static final String OWN = "/console/account/connections";

  private static User user(String handle) {
    return SERVED.ports().users().find(new Handle(handle)).orElseThrow();
  }

  private static NodeConnection connection(int id, Person owner, String caller) {
    String service = owner.api().get("/v1/llm-services/" + owner.handle() + "/chat").text("/id");
    User by = user(caller);
    UsageAccount account =
        new UsageAccount(
            by.id(),
            by.handle(),
            new Instance.Id(UUID.fromString(service)),
            new Instance.Ref(user(owner.handle()).handle(), new Handle("chat")),
            user(owner.handle()).id(),
            Optional.empty());
    return new NodeConnection(
        new UUID(0, id),
        account,
        Duration.ofMinutes(3),
        new ConnectionCounts(214, 1_003, 51_007, 6_002));
  }

  @Test
  void owners_see_and_end_all_and_callers_their_own() {
    Person owner = SERVED.owner("olga", Map.of("definition", "_system/openai-large"));
    Person one = SERVED.person("bella");
    Person stranger = SERVED.person("sven");
    String page = "/console/services/olga/chat/connections";
    owner
        .api()
        .put("/v1/llm-services/olga/chat/shares/bella", Map.of("role", "reader"))
        .isStatus(201);
    assertThat(ServedConsole.sound(owner.open(page).isStatus(200)).body())
        .contains("No connection is open.");
    SERVED
        .ports()
        .connections()
        .report(
            NODE,
            "secret-machine",
            List.of(connection(1, owner, "bella"), connection(2, owner, "olga")),
            List.of());

    TestResponse all = ServedConsole.sound(owner.open(page).isStatus(200));
    assertThat(all.body())
        .contains("bella", "olga", "214", "1,003", "51,007", "6,002")
        .doesNotContain("secret-machine");
    assertThat(owner.open("/console/services/olga/chat").body()).contains(page);
    assertThat(one.open("/console/account").body()).contains(OWN);
    TestResponse own = ServedConsole.sound(one.open(OWN).isStatus(200));
    assertThat(own.body()).contains("olga/chat", new UUID(0, 1).toString());
    assertThat(one.open(page).body()).doesNotContain(new UUID(0, 2).toString());
    assertThat(stranger.open(page).status()).isEqualTo(404);

    String other = new UUID(0, 2).toString();
    TestResponse refused = one.browser().submit(own, OWN + "/end", Map.of("id", other));
    ServedConsole.sound(refused.isStatus(404));
    ServedConsole.sound(
        one.browser().submit(own, OWN + "/end", Map.of("id", "no-id")).isStatus(404));
    assertThat(
            one.browser()
                .submit(own, OWN + "/end", Map.of("id", new UUID(0, 1).toString()))
                .header("Location"))
        .endsWith(OWN);
    assertThat(owner.browser().submit(all, page + "/end", Map.of("id", other)).header("Location"))
        .endsWith(page);
    assertThat(SERVED.ports().connections().report(NODE, "secret-machine", List.of(), List.of()))
        .containsExactlyInAnyOrder(new UUID(0, 1), new UUID(0, 2));
  }
}
