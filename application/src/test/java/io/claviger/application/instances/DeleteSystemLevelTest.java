package io.claviger.application.instances;

import static io.claviger.application.Outcomes.because;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.Wiring;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.fakes.InMemoryModelConfigs.Deleted;
import io.claviger.application.models.CatalogueFixture;
import io.claviger.application.models.ModelWriteBuilder;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.projects.Project;
import org.junit.jupiter.api.Test;

/** Deleting a system-level service also deletes the models that need it. */
class DeleteSystemLevelTest {
  private final CatalogueFixture k = new CatalogueFixture();
  private final Wiring w = k.w;
  private final User carol = w.administrator("carol");
  private final Instance service = k.keys.withKey(AnInstance.systemLevel("s"), "sk-of-the-service");

  @Test
  void models_bound_to_it_go_by_the_hand_of_who_deletes_it() {
    k.created(ModelWriteBuilder.openAi("bound").on(service));
    Instance sibling = w.stored(AnInstance.systemLevel("sibling").build());
    k.created(ModelWriteBuilder.openAi("siblings").on(sibling));

    delete(service);

    assertThat(k.live()).containsExactly("siblings");
    assertThat(w.claviger.modelConfigs().deleted())
        .singleElement()
        .satisfies(d -> assertThat(d.author()).contains(carol.id()))
        .extracting(Deleted::model)
        .satisfies(m -> assertThat(m.settings().model().value()).isEqualTo("bound"));
  }

  @Test
  void unbound_ones_of_its_provider_go_with_the_last_of_it() {
    k.created(ModelWriteBuilder.openAi("unbound").unbound());
    k.created(ModelWriteBuilder.of().provider(Provider.COHERE).model("others"));
    Instance unused = w.stored(AnInstance.systemLevel("disabled").disabled().build());

    delete(service);

    assertThat(k.live()).containsExactly("others");
  }

  @Test
  void unbound_ones_stay_while_an_enabled_sibling_remains() {
    k.created(ModelWriteBuilder.openAi("unbound").unbound());
    Instance unused = w.stored(AnInstance.systemLevel("sibling").build());

    delete(service);

    assertThat(k.live()).containsExactly("unbound");
  }

  @Test
  void unbound_ones_stay_while_a_deployment_key_remains() {
    k.created(ModelWriteBuilder.openAi("unbound").unbound());
    w.claviger.deploymentKeys().put(Provider.OPENAI, "sk-deployment-key");

    delete(service);

    assertThat(k.live()).containsExactly("unbound");
  }

  @Test
  void a_users_service_or_one_of_another_provider_is_no_sibling() {
    k.created(ModelWriteBuilder.openAi("unbound").unbound());
    Instance users = w.stored(AnInstance.of(carol, "c").build());
    Instance others = w.stored(AnInstance.systemLevel("c").provider(Provider.COHERE).build());
    w.claviger.deploymentKeys().put(Provider.COHERE, "sk-deployment-key");

    delete(service);

    assertThat(k.live()).isEmpty();
    assertThat(users.id()).isNotEqualTo(others.id());
  }

  @Test
  void the_default_is_mended() {
    k.created(ModelWriteBuilder.openAi("bound").on(service));
    Instance dead = w.stored(AnInstance.systemLevel("dead").build());
    k.created(ModelWriteBuilder.openAi("unusable").on(dead));
    Instance alive = k.keys.withKey(AnInstance.systemLevel("alive"), "sk-of-the-other");
    k.created(ModelWriteBuilder.openAi("usable").on(alive));

    delete(service);

    assertThat(k.defaults()).containsExactly("usable");
  }

  @Test
  void a_default_that_does_not_go_stays() {
    k.created(ModelWriteBuilder.openAi("unbound").unbound());
    k.created(ModelWriteBuilder.openAi("bound").on(service));
    Instance unused = w.stored(AnInstance.systemLevel("sibling").build());

    delete(service);

    assertThat(k.defaults()).containsExactly("unbound");
  }

  @Test
  void users_keys_and_choices_go_with_it() {
    k.keys.ofUser(service, carol, Wiring.CANARY);
    boolean unused = w.claviger.defaultServices().choose(carol.id(), service.id());

    delete(service);

    assertThat(k.keys.has(service, carol)).isFalse();
    assertThat(
            w.claviger.defaultServices().choicesFor(carol.id(), w.claviger.clock().instant()).own())
        .isEmpty();
  }

  @Test
  void everything_that_goes_is_on_record() {
    k.created(ModelWriteBuilder.openAi("bound").on(service));
    k.created(ModelWriteBuilder.openAi("unbound").unbound());
    k.created(ModelWriteBuilder.of().provider(Provider.COHERE).model("others"));
    k.keys.ofUser(service, carol, Wiring.CANARY);
    w.forget();

    delete(service);

    assertThat(w.recorded())
        .containsExactly(
            "model.delete done openai/bound []",
            "model.delete done openai/unbound []",
            "model.update done cohere/others [is_default]",
            "service.delete done _system/s []");
    assertThat(w.claviger.auditEvents().toString()).doesNotContain(Wiring.CANARY);
  }

  @Test
  void a_deletion_that_is_refused_takes_nothing_away() {
    k.created(ModelWriteBuilder.openAi("bound").on(service));
    k.created(ModelWriteBuilder.openAi("unbound").unbound());
    Project unused = w.stored(AProject.of(carol, "p").using(service).build());
    User alice = w.user("dave");

    assertThat(because(attempt(carol, service))).isEqualTo("in_use");
    assertThat(because(attempt(alice, service))).isEqualTo("forbidden");

    assertThat(k.live()).containsExactly("bound", "unbound");
    assertThat(w.now(service.ref())).isEqualTo(service);
  }

  @Test
  void a_users_service_leaves_the_catalogue_alone() {
    k.created(ModelWriteBuilder.openAi("unbound").unbound());
    Instance users = w.stored(AnInstance.of(carol, "c").build());

    delete(users);

    assertThat(k.live()).containsExactly("unbound");
  }

  @Test
  void while_models_are_bound_to_it_it_stays_with_its_provider() {
    k.created(ModelWriteBuilder.openAi("bound").on(service));
    InstanceWrites write = new InstanceWrites(w);
    InstanceWriteBuilder moved =
        InstanceWriteBuilder.of()
            .provider(Provider.COHERE)
            .apiStandard("cohere")
            .endpoint("https://api.cohere.com")
            .clearingTheKey();

    Outcome<WrittenInstance> refused = write.patch(w.as(carol), "_system/s", moved);

    assertThat(because(refused)).isEqualTo("in_use");
    assertThat(w.now(service.ref())).isEqualTo(service);
  }

  private void delete(Instance gone) {
    assertThat(attempt(carol, gone)).isEqualTo(Outcome.done(gone.ref()));
  }

  private Outcome<Instance.Ref> attempt(User actor, Instance gone) {
    return w.instances.delete(w.as(actor), gone.ref(), Precondition.NONE);
  }
}
