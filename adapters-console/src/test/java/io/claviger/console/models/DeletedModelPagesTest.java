package io.claviger.console.models;

import static io.claviger.console.served.ServedConsole.sound;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.console.served.ServedConsole;
import io.claviger.console.served.ServedConsole.Person;
import io.claviger.testkit.http.TestResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Deleted models are listed and restored. */
class DeletedModelPagesTest {
  private static final String DELETED = "/console/models/deleted";

  @RegisterExtension private static final ServedConsole CONSOLE = new ServedConsole();

  @Test
  void a_deleted_model_is_put_back_once() {
    Person root = CONSOLE.root();
    assertThat(root.open("/console/models").body()).contains(DELETED);
    String id =
        root.api()
            .post("/v1/model-configs", Map.of("provider", "openai", "model", "gone"))
            .isStatus(201)
            .text("/id");
    root.api().delete("/v1/model-configs/" + id).isStatus(204);
    TestResponse page = root.open(DELETED).isStatus(200);
    assertThat(sound(page).body()).contains("gone", id, "root");

    assertThat(root.send(DELETED, Map.of("model", id)).isStatus(303).header("Location"))
        .endsWith("/console/models/catalogue/" + id);

    root.api().get("/v1/model-configs/" + id).isStatus(200);
    assertThat(sound(root.open(DELETED).isStatus(200)).body()).doesNotContain(id);
    assertThat(root.browser().submit(page, DELETED, Map.of("model", id)).isStatus(409).body())
        .contains("This model is in the catalogue.");
    root.browser().submit(page, DELETED, Map.of("model", "no id")).isStatus(422);
  }

  @Test
  void only_administrators_see_them() {
    Person eve = CONSOLE.person("eve");
    eve.open(DELETED).isStatus(403);
    assertThat(eve.open("/console/models").body()).doesNotContain(DELETED);
  }
}
