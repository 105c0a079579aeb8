package io.claviger.application.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.application.StoredKeys;
import io.claviger.application.builders.AProject;
import io.claviger.application.builders.AShare;
import io.claviger.application.builders.AToken;
import io.claviger.application.builders.ATransfer;
import io.claviger.application.builders.AUser;
import io.claviger.application.builders.AnInstance;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.routing.ModelRouting.ListedModel;
import io.claviger.application.routing.ModelRouting.RoutingDecision;
import io.claviger.application.routing.ModelRouting.RoutingQuestion;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.instances.InstanceField;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.StorageKinds;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.StorageLimits;
import io.claviger.domain.projects.Project;
import io.claviger.domain.routing.ObjectRouter.StoringService;
import io.claviger.domain.routing.RoutingRank;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.transfers.Transfer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ModelRoutingTest {
  private final Questions q = new Questions();

  @Test
  void an_own_service_is_reached_by_its_model_and_by_its_name() {
    keyless(AnInstance.of(q.alice, "s").model("llama3"));

    assertThat(q.lead(q.alices, "llama3")).isEqualTo("alice/s llama3");
    assertThat(q.lead(q.alices, "alice/s")).isEqualTo("alice/s llama3");
    assertThat(q.lead(q.alices, "alice/s/other")).isEqualTo("alice/s other");
    assertThat(q.names(q.alices)).containsExactly("llama3");
  }

  @Test
  void a_service_of_somebody_else_is_as_unknown_as_one_that_does_not_exist() {
    keyless(AnInstance.of(q.alice, "s").model("llama3"));

    assertThat(q.ask(q.bobs, "alice/s")).isEqualTo(q.ask(q.bobs, "alice/none"));
    assertThat(q.ask(q.bobs, "llama3"))
        .isEqualTo(new RoutingDecision.Unknown(List.of(), Optional.empty(), Optional.empty()));
  }

  @Test
  void a_name_of_a_service_that_cannot_be_called_is_refused_with_the_reason() {
    keyless(AnInstance.of(q.alice, "s").model("llama3").disabled());

    assertThat(((RoutingDecision.Unknown) q.ask(q.alices, "alice/s/llama3")).why())
        .contains(
            "The name begins with the name of a service. This service is disabled. Its owner or a"
                + " writer can enable it.");
    assertThat(((RoutingDecision.Unknown) q.ask(q.alices, "llama3")).why()).isEmpty();
    assertThat(((RoutingDecision.Unknown) q.ask(q.bobs, "alice/s/llama3")).why()).isEmpty();
  }

  @Test
  void a_share_is_reached_by_a_bare_name_only_after_the_caller_accepted_that() {
    Instance service = keyless(AnInstance.of(q.alice, "s").model("llama3"));
    q.w.stored(service, AShare.with(q.bob).build());

    assertThat(q.lead(q.bobs, "llama3")).isEqualTo("nowhere");
    assertThat(q.names(q.bobs)).containsExactly("alice/s/llama3");

    boolean unused =
        q.w
            .claviger
            .bareNames()
            .accept(service.id(), q.bob.id(), Optional.empty(), q.w.claviger.clock().instant());
    assertThat(q.lead(q.bobs, "llama3")).isEqualTo("alice/s llama3");
    assertThat(q.names(q.bobs)).containsExactly("llama3");
  }

  @Test
  void the_default_comes_first_and_then_own_services_and_then_those_of_the_system() {
    keyless(AnInstance.of(q.alice, "own").model("llama3"));
    Instance system = keyless(AnInstance.systemLevel("common").model("llama3"));

    assertThat(q.lead(q.alices, "llama3")).isEqualTo("alice/own llama3");
    assertThat(q.lead(q.bobs, "llama3")).isEqualTo("_system/common llama3");
    boolean unused = q.w.claviger.defaultServices().choose(q.alice.id(), system.id());
    assertThat(q.lead(q.alices, "llama3")).isEqualTo("_system/common llama3");
  }

  @Test
  void a_disabled_default_gives_way() {
    keyless(AnInstance.of(q.alice, "own").model("llama3"));
    Instance system = keyless(AnInstance.systemLevel("common").model("llama3").disabled());
    boolean unused = q.w.claviger.defaultServices().choose(q.alice.id(), system.id());

    assertThat(q.lead(q.alices, "llama3")).isEqualTo("alice/own llama3");
  }

  @Test
  void a_service_without_a_key_or_beyond_the_limits_is_not_listed() {
    q.w.stored(AnInstance.of(q.alice, "keyless").model("a").build());
    keyless(AnInstance.of(q.alice, "limited").model("b").limits(models("c", "d*")));
    TokenText narrow = q.w.stored(AToken.of(q.alice).limits(models("d1")).build());

    assertThat(q.names(q.alices)).containsExactly("c");
    assertThat(q.lead(q.alices, "alice/limited/b")).isEqualTo("nowhere");
    assertThat(q.lead(q.alices, "alice/limited/d1")).isEqualTo("alice/limited d1");
    assertThat(q.names(narrow)).isEmpty();
    assertThat(q.lead(narrow, "alice/limited/d1")).isEqualTo("alice/limited d1");
    assertThat(q.lead(narrow, "c")).isEqualTo("nowhere");
  }

  @Test
  void a_limit_of_the_caller_does_not_say_which_service_has_a_model() {
    keyless(AnInstance.of(q.alice, "own").model("llama3"));
    keyless(AnInstance.systemLevel("common").model("gpt-5"));
    assertThat(q.lead(q.alices, "gpt-5")).isEqualTo("_system/common gpt-5");

    q.w
        .claviger
        .assignedLimits()
        .save(q.alice.id(), new StoredLimits(models("gpt-5", "llama3"), 2), Instant.EPOCH);

    assertThat(q.lead(q.alices, "gpt-5")).isEqualTo("_system/common gpt-5");
    assertThat(q.lead(q.alices, "llama3")).isEqualTo("alice/own llama3");
    assertThat(q.names(q.alices)).containsExactlyInAnyOrder("gpt-5", "llama3");
  }

  @Test
  void a_token_restricted_to_a_share_needs_no_acceptance() {
    Instance service = keyless(AnInstance.of(q.alice, "s").model("llama3"));
    Instance other = keyless(AnInstance.of(q.bob, "own").model("llama3"));
    q.w.stored(service, AShare.with(q.bob).build());
    TokenText token = q.w.stored(AToken.of(q.bob).onlyFor(service).build());

    assertThat(q.names(token)).containsExactly("llama3");
    assertThat(q.lead(token, "llama3")).isEqualTo("alice/s llama3");
    assertThat(q.lead(token, "alias")).isEqualTo("alice/s alias");
    assertThat(q.lead(token, other.ref().toString())).isEqualTo("alice/s " + other.ref());
  }

  @Test
  void a_token_restricted_to_a_project_reaches_its_service_without_learning_its_name() {
    Instance service = keyless(AnInstance.of(q.alice, "secret").model("llama3"));
    Project project = q.w.stored(AProject.of(q.alice, "p").using(service).build());
    q.w.member(project, q.bob, Role.READER);
    TokenText token = q.w.stored(AToken.of(q.bob).onlyFor(project).build());

    assertThat(q.listed(token))
        .containsExactly(new ListedModel("llama3", "llama3", "alice/p", service.createdAt()));
    assertThat(((RoutingDecision.Routed) q.ask(token, "llama3")).targets().get(0).callTarget())
        .isEqualTo(new CallTarget.OfProject(project.ref()));
    assertThat(q.lead(token, "alice/secret")).isEqualTo("a project alice/secret");
    assertThat(q.lead(token, "alice/p")).isEqualTo("a project alice/p");
  }

  @Test
  void a_project_that_its_owner_may_not_pass_on_has_no_models() {
    Instance service = keyless(AnInstance.of(q.alice, "secret").model("llama3"));
    q.w.stored(service, AShare.with(q.bob).build());
    Project project = q.w.stored(AProject.of(q.bob, "p").using(service).build());
    User carol = q.w.user("carol");
    q.w.member(project, carol, Role.READER);
    TokenText carols = q.w.stored(AToken.of(carol).onlyFor(project).build());

    assertThat(q.names(carols)).isEmpty();
  }

  @Test
  void an_unknown_name_tells_up_to_ten_that_are_known_and_another_format() {
    for (int n = 0; n < 12; n++) {
      keyless(AnInstance.of(q.alice, "s" + n).model("m" + n));
    }
    keyless(AnInstance.of(q.alice, "own").model("x"));
    q.w.stored(AnInstance.of(q.alice, "local").apiStandard("ollama").model("llama3").build());
    Instance unused =
        new StoredKeys(q.w)
            .withKey(
                AnInstance.of(q.alice, "c").apiStandard("cohere").model("command"), "sk-0123456");

    RoutingDecision.Unknown answer = (RoutingDecision.Unknown) q.ask(q.alices, "command");
    assertThat(answer.usable()).hasSize(10).allMatch(name -> name.matches("m\\d+"));
    assertThat(answer.elsewhere()).contains(WireFormat.COHERE);
    assertThat(((RoutingDecision.Unknown) q.ask(q.alices, "llama3")).elsewhere()).isEmpty();
  }

  @Test
  void any_text_may_be_asked_for() {
    for (String name : List.of("", "x".repeat(1 << 20), "a\0b", "\ud800", "//", "alice/")) {
      assertThat(q.lead(q.alices, name)).isEqualTo("nowhere");
    }
  }

  @Test
  void a_bad_token_is_refused_whatever_is_asked() {
    TokenText expired =
        q.w.stored(AToken.of(q.alice).expiresAt(q.w.claviger.clock().instant()).build());
    for (RoutingQuestion<?> asked :
        List.of(
            new RoutingQuestion.Admission(),
            new RoutingQuestion.Model("m"),
            new RoutingQuestion.Models())) {
      assertThat(q.w.modelRouting.answer(Questions.asked(expired, asked)))
          .isEqualTo(new RoutingDecision.Refused(CallRefusal.BAD_TOKEN, Optional.empty()));
      assertThat(q.w.modelRouting.answer(Questions.asked(TokenText.presented("sk-x"), asked)))
          .isEqualTo(new RoutingDecision.Refused(CallRefusal.BAD_TOKEN, Optional.empty()));
      assertThat(q.w.modelRouting.answerAtOnce(Questions.asked(TokenText.presented("sk"), asked)))
          .contains(new RoutingDecision.Refused(CallRefusal.BAD_TOKEN, Optional.empty()));
    }
    assertThat(q.w.modelRouting.answer(Questions.asked(q.bobs, new RoutingQuestion.Admission())))
        .isEqualTo(new RoutingDecision.Admitted(q.bob.handle(), q.bob.id().value()));
  }

  @Test
  void a_service_account_is_counted_as_who_is_responsible_for_it() {
    User bot = AUser.called("bot").serviceAccountOf(q.bob).build();
    q.w.claviger.users().insert(bot);
    TokenText bots = q.w.stored(AToken.of(bot).build());

    assertThat(q.w.modelRouting.answer(Questions.asked(bots, new RoutingQuestion.Admission())))
        .isEqualTo(new RoutingDecision.Admitted(bot.handle(), q.bob.id().value()));
  }

  @Test
  void what_is_cached_is_answered_at_once_until_something_changes() {
    keyless(AnInstance.of(q.alice, "s").model("llama3"));
    q.refresh();
    assertThat(q.atOnce(q.alices, "llama3")).isEmpty();
    String before = q.lead(q.alices, "llama3");

    assertThat(q.atOnce(q.alices, "llama3").map(Questions::shown)).contains(before);
    assertThat(q.atOnce(q.alices, "unknown")).isEmpty();

    Instance system = keyless(AnInstance.systemLevel("common").model("new"));
    q.refresh();
    assertThat(q.atOnce(q.alices, "llama3")).isEmpty();
    assertThat(q.lead(q.alices, "new")).isEqualTo("_system/common new");

    boolean unused = q.w.claviger.defaultServices().choose(q.alice.id(), system.id());
    q.refresh();
    assertThat(q.atOnce(q.alices, "new")).isEmpty();
  }

  @Test
  void what_is_cached_ends_with_the_share_that_expires() {
    Instance service = keyless(AnInstance.of(q.alice, "s").model("llama3"));
    q.w.stored(
        service,
        AShare.with(q.bob).expiresAt(q.w.claviger.clock().instant().plusSeconds(5)).build());
    q.refresh();
    String before = q.lead(q.bobs, "alice/s");
    assertThat(q.atOnce(q.bobs, "alice/s").map(Questions::shown)).contains(before);

    q.w.claviger.clock().advance(Duration.ofSeconds(5));

    assertThat(q.atOnce(q.bobs, "alice/s")).isEmpty();
    assertThat(q.lead(q.bobs, "alice/s")).isEqualTo("nowhere");
  }

  @Test
  void a_former_name_of_a_service_comes_before_the_default_for_unlisted_names() {
    Instance lent = keyless(AnInstance.of(q.alice, "lent").model("llama3"));
    q.w.stored(lent, AShare.with(q.bob).build());
    Instance own = keyless(AnInstance.of(q.bob, "own").model("other"));
    boolean unused = q.w.claviger.defaultServices().choose(q.bob.id(), own.id());
    TokenText only = q.w.stored(AToken.of(q.bob).onlyFor(lent).build());
    moveTo(q.w.user("carol"), lent, "given");

    assertThat(q.lead(q.bobs, "alice/lent/llama3")).isEqualTo("carol/given llama3");
    assertThat(q.lead(q.bobs, "alice/lent")).isEqualTo("carol/given llama3");
    assertThat(q.lead(q.bobs, "alice/none")).isEqualTo("bob/own alice/none");
    assertThat(q.lead(only, "alice/lent/llama3")).isEqualTo("carol/given llama3");
  }

  @Test
  void the_new_owner_of_a_service_calls_it_at_once() {
    User carol = q.w.user("carol");
    TokenText carols = q.w.stored(AToken.of(carol).build());
    Instance lent = keyless(AnInstance.of(q.alice, "lent").model("llama3"));
    q.refresh();
    assertThat(q.lead(carols, "llama3")).isEqualTo("nowhere");

    moveTo(carol, lent, "given");
    q.refresh();

    assertThat(q.lead(carols, "llama3")).isEqualTo("carol/given llama3");
    assertThat(q.names(carols)).containsExactly("llama3");
  }

  @Test
  void a_share_that_had_expired_is_known_as_soon_as_it_lasts_longer() {
    Instance service = keyless(AnInstance.of(q.alice, "s").model("llama3"));
    Instant now = q.w.claviger.clock().instant();
    q.w.stored(service, AShare.with(q.bob).expiresAt(now).build());
    q.refresh();
    assertThat(q.lead(q.bobs, "alice/s")).isEqualTo("nowhere");

    q.w
        .claviger
        .shares()
        .update(
            service.id(), AShare.with(q.bob).expiresAt(now.plusSeconds(60)).build(), q.alice.id());
    q.refresh();

    assertThat(q.lead(q.bobs, "alice/s")).isEqualTo("alice/s llama3");
  }

  @Test
  void a_token_restricted_to_a_project_follows_the_project_to_its_first_service() {
    Instance service = keyless(AnInstance.of(q.alice, "s").model("llama3"));
    AProject made = AProject.of(q.alice, "p");
    Project project = q.w.stored(made.build());
    q.w.member(project, q.bob, Role.READER);
    TokenText token = q.w.stored(AToken.of(q.bob).onlyFor(project).build());
    q.refresh();
    assertThat(q.lead(token, "llama3")).isEqualTo("nowhere");

    q.w.claviger.projects().update(made.using(service).build());
    q.refresh();

    assertThat(q.lead(token, "llama3")).isEqualTo("a project llama3");
  }

  @Test
  void a_token_restricted_to_a_project_is_used_again_when_its_user_is_a_member_again() {
    Instance service = keyless(AnInstance.of(q.alice, "s").model("llama3"));
    Project project = q.w.stored(AProject.of(q.alice, "p").using(service).build());
    TokenText token = q.w.stored(AToken.of(q.bob).onlyFor(project).build());
    q.refresh();
    assertThat(q.lead(token, "llama3")).isEqualTo("nowhere");

    q.w.member(project, q.bob, Role.READER);
    q.refresh();

    assertThat(q.lead(token, "llama3")).isEqualTo("a project llama3");
  }

  private void moveTo(User receiver, Instance service, String handle) {
    Instant now = q.w.claviger.clock().instant();
    Transfer transfer = ATransfer.of(q.alice, receiver, service, new Handle(handle), now);
    int unused =
        q.w
            .claviger
            .ownerChanges()
            .move(transfer, transfer.items().getFirst(), now, now.plusSeconds(60));
  }

  /** A service whose provider needs no key. */
  @Test
  void stored_objects_lead_to_what_the_caller_is_lent_of_each_service() {
    Instance own =
        keyless(
            AnInstance.of(q.alice, "s")
                .own(InstanceField.STORAGE, StorageKinds.of(List.of("files", "batches"))));
    q.w.stored(
        own,
        AShare.with(q.bob)
            .limits(Limits.NONE.with(StorageLimits.of(StorageKinds.of(List.of("files")))))
            .build());
    keyless(AnInstance.systemLevel("common"));
    keyless(AnInstance.of(q.alice, "other").apiStandard("anthropic"));
    TokenText narrow = q.w.stored(AToken.of(q.bob).onlyFor(own).build());

    RoutingDecision.Storing storing = storing(q.bobs);
    assertThat(storing.router().services())
        .extracting(s -> s.name() + " " + s.rank() + " " + s.ownKey() + " " + s.lent())
        .containsExactly(
            "_system/common SYSTEM false []", "alice/s BY_REFERENCE_ONLY false [FILES]");
    assertThat(storing.seeker())
        .isEqualTo(
            new ObjectSeeker(q.bob.id(), ObjectHolder.user(q.bob.id().value()), Optional.empty()));
    assertThat(storing.target(storing.router().services().get(1)).callTarget())
        .isEqualTo(new CallTarget.Service(own.ref()));
    assertThat(storing(narrow).seeker().confinedTo()).isPresent();
    assertThat(storing(narrow).router().services())
        .extracting(StoringService::rank)
        .containsExactly(RoutingRank.DEFAULT);
    assertThat(
            Questions.shown(
                q.w.modelRouting.answer(
                    Questions.asked(q.bobs, new RoutingQuestion.ModelAt("m", own.id())))))
        .isEqualTo("alice/s m");
  }

  private RoutingDecision.Storing storing(TokenText token) {
    return (RoutingDecision.Storing)
        q.w.modelRouting.answer(Questions.asked(token, new RoutingQuestion.Storage()));
  }

  private Instance keyless(AnInstance instance) {
    return q.w.stored(instance.apiStandard("none").build());
  }

  private static Limits models(String... patterns) {
    return new Limits(
        Optional.empty(),
        Optional.of(
            Arrays.stream(patterns).map(ModelPattern::new).collect(Collectors.toUnmodifiableSet())),
        Optional.empty());
  }
}
