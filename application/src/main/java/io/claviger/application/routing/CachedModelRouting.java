package io.claviger.application.routing;

import io.claviger.application.accounts.LastUseRecorder;
import io.claviger.application.accounts.RejectedTokens;
import io.claviger.application.accounts.TokenAcceptance;
import io.claviger.application.gateway.CachedContexts;
import io.claviger.application.gateway.CallRefusal;
import io.claviger.application.gateway.CallTarget;
import io.claviger.application.gateway.port.CallContexts.CallContext;
import io.claviger.application.objects.port.ObjectLedger.ObjectSeeker;
import io.claviger.application.routing.UsableModelsReader.AllModels;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.TokenBar;
import io.claviger.domain.accounts.TokenHash;
import io.claviger.domain.accounts.TokenRestriction;
import io.claviger.domain.accounts.User;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.objects.ObjectHolder;
import io.claviger.domain.routing.ModelNames;
import io.claviger.domain.routing.ModelNames.NamedModel;
import io.claviger.domain.routing.ModelRoute;
import io.claviger.domain.routing.ObjectRouter;
import io.claviger.domain.routing.RouteExplanation;
import io.claviger.domain.standards.WireFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class CachedModelRouting implements ModelRouting {
  /** The maximum number of models in a list. */
  private static final int MOST = 10_000;

  /** The maximum number of suggested names in the answer to an unknown name. */
  private static final int TOLD = 10;

  private final CachedContexts<AllModels, UsableModels> contexts;
  private final TokenAcceptance acceptance;
  private final LastUseRecorder lastUse;
  private final RejectedTokens rejected;
  private final ModelListInquiry inquiry;
  private final ModelListRefresh refresh;
  private final InstantSource clock;

  CachedModelRouting(
      CachedContexts<AllModels, UsableModels> contexts,
      TokenAcceptance acceptance,
      LastUseRecorder lastUse,
      RejectedTokens rejected,
      ModelListInquiry inquiry,
      ModelListRefresh refresh,
      InstantSource clock) {
    this.contexts = contexts;
    this.acceptance = acceptance;
    this.lastUse = lastUse;
    this.rejected = rejected;
    this.inquiry = inquiry;
    this.refresh = refresh;
    this.clock = clock;
  }

  @Override
  public Optional<RoutingDecision> answerAtOnce(RoutingRequest question) {
    Instant now = clock.instant();
    TokenHash hash = question.token().hash();
    Optional<RoutingDecision> cached =
        contexts
            .find(hash, AllModels.OF_THE_TOKEN, now)
            .filter(c -> acceptance.accepts(c.token(), question.token(), now))
            .filter(c -> c.user().barAt(now).isEmpty())
            .flatMap(
                context ->
                    isStray(context, question)
                        ? Optional.of(stray(context, question, now))
                        : answerFromMemory(question, context, now));
    return cached.isPresent() || acceptance.mayBeWorthAsking(question.token(), hash)
        ? cached
        : Optional.of(rejected(question, now));
  }

  @Override
  public RoutingDecision answer(RoutingRequest question) {
    Instant now = clock.instant();
    TokenHash hash = question.token().hash();
    Optional<CallContext<UsableModels>> found =
        acceptance.isWorthAsking(question.token(), hash)
            ? contexts
                .gather(hash, AllModels.OF_THE_TOKEN, now)
                .filter(c -> acceptance.accepts(c.token(), question.token(), now))
            : Optional.empty();
    if (found.isEmpty()) {
      return rejected(question, now);
    }
    if (isStray(found.get(), question)) {
      return stray(found.get(), question, now);
    }
    Optional<TokenBar> bar = found.get().user().barAt(now);
    if (bar.isPresent()) {
      return new RoutingDecision.Refused(CallRefusal.of(bar.get()), Optional.empty());
    }
    lastUse.note(found.get().token(), now);
    RoutingDecision answer = answer(question, found.get(), now);
    if (isOfferedByNobody(answer)
        && question.asked() instanceof RoutingQuestion.Model model
        && findsOut(question, found.get(), model.name(), answer)) {
      Instant later = clock.instant(); // the providers may have taken seconds
      return contexts
          .gather(hash, AllModels.OF_THE_TOKEN, later)
          .map(asked -> answer(question, asked, later))
          .orElse(answer);
    }
    return answer;
  }

  /** Returns whether new lists were stored, from which the question might be answered. */
  private boolean findsOut(
      RoutingRequest question,
      CallContext<UsableModels> context,
      String name,
      RoutingDecision known) {
    return inquiry.ask(question, context, name, known instanceof RoutingDecision.Unknown);
  }

  /**
   * Answers a question from the cached rows. The result is empty if the name in the question
   * selects no service. The result is also empty if no provider is known to list this name, because
   * providers must be asked before the question can be answered.
   */
  private Optional<RoutingDecision> answerFromMemory(
      RoutingRequest question, CallContext<UsableModels> context, Instant now) {
    lastUse.noteSoon(context.token(), now);
    RoutingDecision answer = answer(question, context, now);
    boolean unsure =
        answer instanceof RoutingDecision.Unknown
            || (isOfferedByNobody(answer)
                && question.asked() instanceof RoutingQuestion.Model model
                && inquiry.isDue(question, context, model.name()));
    return unsure ? Optional.empty() : Optional.of(answer);
  }

  private static boolean isOfferedByNobody(RoutingDecision answer) {
    return answer instanceof RoutingDecision.Unknown
        || (answer instanceof RoutingDecision.Routed routed && !routed.offered());
  }

  private static boolean isStray(CallContext<?> context, RoutingRequest question) {
    return !context.token().binding().accepts(question.from());
  }

  private RoutingDecision stray(CallContext<?> context, RoutingRequest question, Instant now) {
    rejected.countStray(
        context.token(), context.user().handle(), question.address(), question.requestId(), now);
    return new RoutingDecision.Refused(CallRefusal.TOKEN_BOUND, Optional.empty());
  }

  private RoutingDecision rejected(RoutingRequest question, Instant now) {
    Optional<Duration> wait = rejected.count(question.address(), question.requestId(), now);
    return new RoutingDecision.Refused(
        wait.isPresent() ? CallRefusal.TOO_MANY_BAD_TOKENS : CallRefusal.BAD_TOKEN, wait);
  }

  private RoutingDecision answer(
      RoutingRequest question, CallContext<UsableModels> context, Instant now) {
    RoutingDecision answer = answer(question, context);
    refresh.after(question, context, answer, now);
    return answer;
  }

  private static RoutingDecision answer(
      RoutingRequest question, CallContext<UsableModels> context) {
    Handle caller = context.user().handle();
    UsableModels models = context.target().orElseThrow();
    return switch (question.asked()) {
      case RoutingQuestion.Admission admission ->
          new RoutingDecision.Admitted(caller, context.user().countedAs());
      case RoutingQuestion.Model model ->
          route(
              caller,
              models,
              question.format(),
              model.name(),
              models.router().route(question.format(), model.name()));
      case RoutingQuestion.ModelAt at ->
          route(
              caller,
              models,
              question.format(),
              at.name(),
              models.router().routeAt(at.service(), question.format(), at.name()));
      case RoutingQuestion.Storage storage -> storing(caller, context, models, question.format());
      case RoutingQuestion.Models all ->
          new RoutingDecision.Listed(
              ModelNames.of(models.router(), question.format(), MOST).stream()
                  .map(named -> listed(models, named))
                  .toList());
    };
  }

  private static RoutingDecision storing(
      Handle caller, CallContext<UsableModels> context, UsableModels models, WireFormat format) {
    AccessToken token = context.token();
    User.Id user = context.user().id();
    ObjectHolder holder =
        token
            .restriction()
            .flatMap(TokenRestriction::project)
            .map(ObjectHolder::project)
            .orElseGet(() -> ObjectHolder.user(user.value()));
    ObjectRouter router = models.router().objects(format, models::shownName);
    Map<Instance.Id, CallTarget> targets = new HashMap<>();
    router.services().forEach(each -> targets.put(each.id(), models.target(each.id())));
    return new RoutingDecision.Storing(
        caller,
        new ObjectSeeker(
            user, holder, Optional.of(token.id().value()).filter(id -> token.isConfined())),
        router,
        targets);
  }

  private static RoutingDecision route(
      Handle caller,
      UsableModels models,
      WireFormat format,
      String name,
      Optional<ModelRoute> route) {
    if (route.isPresent()) {
      return new RoutingDecision.Routed(
          caller, targets(models, route.get()), route.get().next(), route.get().isOffered());
    }
    return new RoutingDecision.Unknown(
        ModelNames.of(models.router(), format, TOLD).stream().map(NamedModel::name).toList(),
        models.router().elsewhere(format, name),
        RouteExplanation.of(models.router(), format, name).whyStopped());
  }

  private static List<RoutedTarget> targets(UsableModels models, ModelRoute route) {
    List<RoutedTarget> targets = new ArrayList<>(route.targets().size());
    for (ModelRoute.Target to : route.targets()) {
      Instance.Id id = to.service().id();
      targets.add(new RoutedTarget(models.target(id), id, to.model()));
    }
    return targets;
  }

  private static ListedModel listed(UsableModels models, NamedModel named) {
    return new ListedModel(
        named.name(),
        named.model(),
        models.shownName(named.service().id()),
        named.service().createdAt());
  }
}
