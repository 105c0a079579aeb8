package io.claviger.gateway;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.routing.ModelRouting;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.routing.ObjectRouter;
import io.claviger.domain.routing.ObjectRouter.StoringService;
import io.claviger.domain.routing.RoutingRank;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Leads the names that a test sets to services. Admits {@link Rig#TOKEN} alone. */
public final class TestRouting implements ModelRouting {
  static final Handle CALLER = new Handle("caller");
  private static final Instant SINCE = Instant.parse("2026-01-02T03:04:05Z");

  private final Map<String, RoutingDecision> answers = new LinkedHashMap<>();
  private final List<ListedModel> listed = new ArrayList<>();
  private final List<RoutingRequest> questions = new CopyOnWriteArrayList<>();
  private final List<StoringService> storing = new ArrayList<>();
  private ObjectSeeker seeker =
      new ObjectSeeker(
          TestService.CALLER, ObjectHolder.user(TestService.CALLER.value()), Optional.empty());
  private volatile boolean fromMemory = true;
  private volatile @Nullable CallRefusal refused;

  /** A service under this reference, called with this model. */
  static RoutedTarget target(String service, String model) {
    return new RoutedTarget(
        new CallTarget.Service(Instance.Ref.of(service)),
        new Instance.Id(UUID.nameUUIDFromBytes(service.getBytes(StandardCharsets.UTF_8))),
        model);
  }

  /** Leads a name to one service. */
  synchronized void lead(String name, String service, String model) {
    answers.put(
        name, new RoutingDecision.Routed(CALLER, List.of(target(service, model)), false, true));
  }

  /** Leads a name to services that are tried one after the other. */
  synchronized void leadToAll(String name, RoutedTarget... targets) {
    answers.put(name, new RoutingDecision.Routed(CALLER, List.of(targets), true, true));
  }

  synchronized void answer(String name, RoutingDecision answer) {
    answers.put(name, answer);
  }

  synchronized void list(String... names) {
    Stream.of(names)
        .map(name -> new ListedModel(name, name, "alice/my-openai", SINCE))
        .forEach(listed::add);
  }

  /** Lists a model by a name that differs from the provider's name. */
  synchronized void listAs(String name, String model) {
    listed.add(new ListedModel(name, model, "alice/my-openai", SINCE));
  }

  /**
   * A service that takes stored objects.
   *
   * @param kinds what it lends; none if the caller has a key of their own there
   */
  synchronized void store(String service, RoutingRank rank, ObjectKind... kinds) {
    storing.add(
        new StoringService(
            target(service, "").id(), service, rank, kinds.length == 0, Set.of(kinds)));
  }

  /** The objects of this user are meant from now on. */
  synchronized void seek(User.Id user) {
    seeker = new ObjectSeeker(user, ObjectHolder.user(user.value()), Optional.empty());
  }

  /** From now on every answer needs another thread. */
  void forget() {
    fromMemory = false;
  }

  /** From now on nobody is admitted; null admits again. */
  void refuse(@Nullable CallRefusal why) {
    refused = why;
  }

  List<RoutingRequest> questions() {
    return List.copyOf(questions);
  }

  @Override
  public Optional<RoutingDecision> answerAtOnce(RoutingRequest question) {
    return fromMemory ? Optional.of(answer(question)) : Optional.empty();
  }

  @Override
  public synchronized RoutingDecision answer(RoutingRequest question) {
    questions.add(question);
    if (refused != null) {
      return new RoutingDecision.Refused(refused, Optional.empty());
    }
    if (!question.token().hash().equals(TokenText.presented(Rig.TOKEN).hash())) {
      return new RoutingDecision.Refused(CallRefusal.BAD_TOKEN, Optional.empty());
    }
    return switch (question.asked()) {
      case RoutingQuestion.Admission admission ->
          new RoutingDecision.Admitted(CALLER, TestService.CALLER.value());
      case RoutingQuestion.Models models -> new RoutingDecision.Listed(listed);
      case RoutingQuestion.Model model -> answers.getOrDefault(model.name(), unknown());
      case RoutingQuestion.ModelAt at -> at(at);
      case RoutingQuestion.Storage storage ->
          new RoutingDecision.Storing(
              CALLER,
              seeker,
              new ObjectRouter(List.copyOf(storing)),
              storing.stream()
                  .collect(
                      Collectors.toMap(
                          StoringService::id,
                          each -> new CallTarget.Service(Instance.Ref.of(each.name())))));
    };
  }

  /** Leads a name to a service even if nobody has led it there. */
  private RoutingDecision at(RoutingQuestion.ModelAt asked) {
    if (!(answers.get(asked.name()) instanceof RoutingDecision.Routed routed)) {
      return unknown();
    }
    return Stream.concat(
            routed.targets().stream(),
            storing.stream().map(each -> target(each.name(), asked.name() + "-there")))
        .filter(target -> target.id().equals(asked.service()))
        .findFirst()
        .<RoutingDecision>map(to -> new RoutingDecision.Routed(CALLER, List.of(to), false, true))
        .orElseGet(this::unknown);
  }

  private RoutingDecision unknown() {
    return new RoutingDecision.Unknown(
        listed.stream().map(ListedModel::name).limit(10).toList(),
        Optional.empty(),
        Optional.empty());
  }
}
