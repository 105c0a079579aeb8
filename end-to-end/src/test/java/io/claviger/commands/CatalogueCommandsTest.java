package io.claviger.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.journeys.Api;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about definitions, deleted models and retention. */
@SharedMachines
class CatalogueCommandsTest {
  @TempDir private static Path directory = Path.of("");
  @AutoClose private final SignedInMachines machines = SignedInMachines.shared();
  private Machine alice = new Machine(directory);
  private Machine root = new Machine(directory);
  private Api administering = machines.journey.root(machines.node);
  private Api owning = administering;
  private Api seeing = administering;

  @BeforeAll
  void signIn() {
    owning = machines.journey.user(machines.node, "alice");
    seeing = machines.journey.user(machines.node, "bob");
    alice =
        new Machine(directory.resolve("alice"))
            .signedIn(machines.withToken(owning, "alice", "manage"));
    root =
        new Machine(directory.resolve("root"))
            .signedIn(machines.withToken(administering, "root", "manage"));
  }

  @Test
  void a_definition_is_made_changed_shared_and_deleted() {
    String path = "/v1/llm-definitions/alice/mine";
    String[] create = {
      "definition", "create", "mine", "--provider", "openai", "--model", "m", "--dimensions", "8"
    };
    assertThat(alice.run(create).done().out()).contains("claviger register NAME --from alice/mine");
    assertThat(owning.get(path).isStatus(200).text("/model")).isEqualTo("m");
    assertThat(alice.run(create).err()).contains("there is a definition alice/mine already");

    alice.run("definition", "share", "mine", "--with", "bob").done();
    assertThat(seeing.get(path).isStatus(200).text("/model")).isEqualTo("m");
    assertThat(alice.run("definition", "show", "mine").done().out())
        .contains("alice/mine", "dimensions   8", "you, bob");
    assertThat(alice.run("definition", "show", "mine", "--json").done().out())
        .containsPattern("\"shares\" ?: ?\\[[^\\]]*\"grantee\" ?: ?\"bob\"");
    alice.run("definition", "unshare", "alice/mine", "--from", "bob").done();
    seeing.get(path).isStatus(404);

    alice
        .run("definition", "change", "mine", "--model", "n", "--dimensions", "0", "--public")
        .done();
    assertThat(seeing.get(path).isStatus(200).text("/model")).isEqualTo("n");
    assertThat(alice.run("definition", "show", "mine").done().out())
        .contains("everybody")
        .doesNotContain("dimensions");
    assertThat(alice.run("definition", "change", "mine").err()).contains("say what to change");

    assertThat(alice.run("definition", "delete", "mine", "--yes").done().out())
        .contains("alice/mine is deleted");
    owning.get(path).isStatus(404);
  }

  @Test
  void a_deleted_model_is_restored() {
    String id =
        administering
            .post(
                "/v1/model-configs", Map.of("provider", "openai", "model", "gone", "name", "gone"))
            .isStatus(201)
            .text("/id");
    administering.delete("/v1/model-configs/" + id).isStatus(204);
    assertThat(root.run("models", "--deleted", "-q").done().out()).contains(id);

    assertThat(root.run("models", "restore", id).done().out())
        .contains("gone is back in the catalogue, bound to no service");

    administering.get("/v1/model-configs/" + id).isStatus(200);
    assertThat(root.run("models", "restore", id).failed().err()).isNotEmpty();
    assertThat(alice.run("models", "restore", id).failed().err()).isNotEmpty();
  }

  @Test
  void whom_the_catalogue_offers_no_model_learns_how_to_call_the_models_of_services() {
    assertThat(alice.run("models").done().out())
        .startsWith("none\n")
        .contains("OWNER/HANDLE/MODEL");
    assertThat(alice.run("models", "-q").done().out()).isEmpty();
  }

  @Test
  void administrators_show_and_set_for_how_long_usage_and_the_audit_trail_are_kept() {
    assertThat(root.run("retention").done().out()).contains("usage", "audit trail");
    assertThat(
            root.run("retention", "--usage-months", "24", "--audit-months", "none", "--yes")
                .done()
                .out())
        .contains("usage        kept for 24 months");
    assertThat(administering.get("/v1/retention").isStatus(200).at("/usage_months").asInt())
        .isEqualTo(24);
    root.run("retention", "--audit-months", "36", "--yes").done();
    assertThat(administering.get("/v1/retention").isStatus(200).at("/usage_months").asInt())
        .isEqualTo(24);
    assertThat(root.run("retention", "--usage-months", "few", "--yes").err())
        .contains("a whole number, or none");
    assertThat(alice.run("retention").failed().err()).isNotEmpty();
  }
}
