package io.claviger.console.gateway;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.AccessTokens.NewToken;
import io.claviger.application.gateway.TestCalls;
import io.claviger.application.instances.InstanceView;
import io.claviger.application.instances.Instances;
import io.claviger.application.routing.BareNames;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.standards.Standards;
import io.claviger.console.gateway.TestCallRunner.TestCallView;
import io.claviger.console.instances.ServiceHead;
import io.claviger.console.instances.ServiceTab;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.ServiceAddress;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.TokenName;
import io.claviger.domain.accounts.TokenScope;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.Limits;
import io.claviger.domain.standards.WireFormat;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.NodeUrls;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Connects a program to a service, with an access token that works only for this service. */
public final class ConnectPages implements ConsolePage {
  private static final Set<String> FIELDS = Set.of("name");

  private final AccessTokens accessTokens;
  private final Standards standards;
  private final Instances instances;
  private final Views views;
  private final NodeUrls urls;
  private final TestCallRunner testCalls;
  private final BareNames bareNames;

  public ConnectPages(
      AccessTokens accessTokens,
      Standards standards,
      Instances instances,
      TestCalls testCalls,
      BareNames bareNames,
      Views views,
      NodeUrls urls) {
    this.accessTokens = accessTokens;
    this.standards = standards;
    this.instances = instances;
    this.views = views;
    this.urls = urls;
    this.testCalls = new TestCallRunner(testCalls);
    this.bareNames = bareNames;
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    visitors.addPage(
        routes,
        ServiceAddress.PATTERN + "/connect",
        visit -> show(visit, 200, FormState.EMPTY, null, null),
        this::issue);
    visitors.addPage(
        routes, ServiceAddress.PATTERN + "/connect/try", ConnectPages::back, this::call);
    routes
        .pageAt(ServiceAddress.PATTERN + "/connect/bare-names")
        .openPost(visitors.signedIn(this::chooseBareNames));
  }

  /**
   * Stores whether the viewer accepts that bare names of models, without a service's name before
   * them, select the service.
   */
  private void chooseBareNames(Visit visit) {
    Submission.of(
        visit,
        form -> {
          Actor actor = visit.signedIn().actor();
          Instance.Ref service = ServiceAddress.of(visit);
          Outcome<Instance.Ref> chosen =
              switch (form.value("accept").orElse("")) {
                case "yes" -> bareNames.accept(actor, service);
                case "no" -> bareNames.withdraw(actor, service);
                default -> throw new InvalidValue("accept", "yes or no");
              };
          return ServiceAddress.path(Problems.valueOf(chosen)) + "/connect#bare-names";
        },
        (problem, sent) -> show(visit, problem.status(), sent.with(problem), null, null));
  }

  /**
   * Returns whether the viewer has accepted that bare names select the service; null if the viewer
   * can't choose this, for example because the viewer owns the service.
   */
  private @Nullable Boolean acceptsBareNames(Actor actor, Instance.Ref service) {
    return bareNames.isAccepted(actor, service).asOptional().orElse(null);
  }

  /**
   * Creates an access token, and answers with the page that shows it. The answer is not a redirect,
   * because a redirect would require storing the token until the next request. If the session began
   * with a token that expires or has limits, the new token expires at the same time and has the
   * same limits.
   */
  private void issue(Visit visit) {
    Instance.Ref service = ServiceAddress.of(visit);
    Actor actor = visit.signedIn().actor();
    Submission.answer(
        visit,
        FIELDS,
        form -> {
          Fields fields = new Fields(form);
          Optional<TokenName> name =
              fields.required("name", "Name the program that will use the token.", TokenName::new);
          NewToken wanted =
              fields.check(
                  () ->
                      new NewToken(
                          name.orElseThrow(),
                          Optional.of(TokenScope.USE),
                          actor.token().flatMap(AccessToken::expiresAt),
                          Optional.of(service),
                          Optional.empty(),
                          actor.token().map(AccessToken::limits).orElse(Limits.NONE),
                          false));
          IssuedToken issued = Problems.valueOf(accessTokens.issue(actor, actor.handle(), wanted));
          show(visit, 200, FormState.EMPTY, issued, null);
        },
        (problem, sent) -> show(visit, problem.status(), sent.with(problem), null, null));
  }

  /**
   * Answers with the outcome of a test call. A script gets the outcome as a part of the page, and
   * other clients get it as the whole page.
   */
  private void call(Visit visit) {
    TestCallView.Result result =
        testCalls.run(visit, ServiceAddress.of(visit), new Fields(visit.form()));
    if (visit.wantsPart()) {
      views.part(visit, "testCallResult", "result", result);
    } else {
      show(visit, 200, FormState.EMPTY, null, result);
    }
  }

  /**
   * Redirects to the page without making a call, so that reloading the result does not make another
   * call.
   */
  private static void back(Visit visit) {
    visit.redirect(ServiceAddress.path(ServiceAddress.of(visit)) + "/connect");
  }

  private void show(
      Visit visit,
      int status,
      FormState form,
      @Nullable IssuedToken issued,
      TestCallView.@Nullable Result result) {
    Actor actor = visit.signedIn().actor();
    InstanceView view = Problems.valueOf(instances.find(actor, ServiceAddress.of(visit)));
    Instance.Ref service = view.instance().ref();
    DefinitionFields settings = view.instance().settings().fields();
    WireFormat format = Problems.valueOf(standards.find(actor, settings.apiStandard())).format();
    String url = urls.gateway() + "/gateway/services/" + service;
    String model = settings.model().value();
    String back = ServiceAddress.path(service);
    views.show(
        visit,
        status,
        Area.SERVICES,
        "Connect to " + service,
        "connect",
        new ConnectView(
            back + "/connect",
            ServiceHead.of(actor, view, ServiceTab.CONNECT),
            url,
            model,
            issued == null ? null : MadeToken.of(issued),
            new Snippets(url, model, settings.dimensions().isPresent()).of(format),
            new TestCallView(back + "/connect/try", model, result),
            acceptsBareNames(actor, service),
            form));
  }

  /**
   * The page that shows how to connect a program to a service.
   *
   * @param path the path of this page
   * @param url the URL of the service at the gateway
   * @param token the access token that was just made; null if none was made
   * @param bareNames whether the viewer has accepted that bare names of models select the service;
   *     null if the viewer can't choose this
   */
  public record ConnectView(
      String path,
      ServiceHead head,
      String url,
      String model,
      @Nullable MadeToken token,
      List<Snippet> snippets,
      TestCallView testCall,
      @Nullable Boolean bareNames,
      FormState form) {
    public ConnectView {
      snippets = List.copyOf(snippets);
    }

    @Override
    public String toString() {
      return "ConnectView[" + path + "]";
    }
  }

  /**
   * An access token that was just created.
   *
   * @param ends the time at which the token ends; null if the token has no end
   */
  public record MadeToken(String text, @Nullable String ends) {
    static MadeToken of(IssuedToken issued) {
      return new MadeToken(
          issued.text().reveal(), issued.token().expiresAt().map(Instant::toString).orElse(null));
    }

    @Override
    public String toString() {
      return "MadeToken[" + ends + "]";
    }
  }
}
