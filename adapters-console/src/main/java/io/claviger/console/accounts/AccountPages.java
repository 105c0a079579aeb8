package io.claviger.console.accounts;

import io.claviger.application.accounts.AccessTokens;
import io.claviger.application.accounts.AccessTokens.IssuedToken;
import io.claviger.application.accounts.OwnToken;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.defaults.DefaultServices;
import io.claviger.application.sessions.SessionActor;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Page;
import io.claviger.application.shared.PageRequest;
import io.claviger.console.accounts.AccountReader.AccountView;
import io.claviger.console.accounts.AccountReader.ServiceAccountsView;
import io.claviger.console.page.Area;
import io.claviger.console.page.ConsolePage;
import io.claviger.console.page.Fields;
import io.claviger.console.page.FormState;
import io.claviger.console.page.Links;
import io.claviger.console.page.Paging;
import io.claviger.console.page.Submission;
import io.claviger.console.page.Views;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.web.pages.Visit;
import io.claviger.web.pages.Visitors;
import io.claviger.web.problems.Problem;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Form;
import io.claviger.web.server.Routes;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows the viewer's own account, and lets the viewer change it. The addresses for signing out, for
 * ending sessions and for linking an account of the identity provider are the same as on servers
 * without a console.
 */
public final class AccountPages implements ConsolePage {
  static final String PATH = "/console/account";
  private static final Set<String> DEFAULT_FIELDS = Set.of("default_service");

  private final DefaultServices defaults;
  private final Views views;
  private final AccountReader account;
  private final TokenSection tokens;
  private final ServiceAccountPage serviceAccounts;

  public AccountPages(
      AccountReader account,
      AccessTokens accessTokens,
      OwnToken ownToken,
      DefaultServices defaults,
      Users users,
      Views views) {
    this.defaults = defaults;
    this.views = views;
    this.account = account;
    this.tokens = new TokenSection(accessTokens, ownToken);
    this.serviceAccounts = new ServiceAccountPage(users, views, InstantSource.system());
  }

  @Override
  public void addTo(Routes routes, Visitors visitors) {
    routes
        .pageAt(PATH)
        .openGet(
            visitors.signedIn(visit -> show(visit, 200, null, FormState.EMPTY, FormState.EMPTY)));
    serviceAccounts.addTo(routes, visitors);
    routes.pageAt(PATH + "/tokens").openPost(visitors.signedIn(this::issue));
    routes.pageAt(PATH + "/tokens/{id}/revoke").openPost(visitors.signedIn(this::revoke));
    routes.pageAt(PATH + "/default").openPost(visitors.signedIn(this::choose));
    routes.pageAt(PATH + "/default/forget").openPost(visitors.signedIn(this::forget));
  }

  /**
   * Creates an access token, and answers with the page that shows it. The answer, which contains
   * the token, is not stored anywhere.
   */
  private void issue(Visit visit) {
    Form form = visit.form();
    SessionActor who = visit.signedIn();
    try {
      IssuedToken issued = tokens.issue(form, who, who.actor().handle());
      show(visit, 200, issued.text().reveal(), FormState.EMPTY, FormState.EMPTY);
    } catch (RuntimeException e) {
      Problem problem = Problems.orThrow(e);
      FormState sent = TokenSection.refused(form, problem);
      show(visit, problem.status(), null, sent, FormState.EMPTY);
    }
  }

  private void revoke(Visit visit) {
    Form unused = visit.form();
    Actor actor = visit.signedIn().actor();
    AccessToken.Id revoked = tokens.revoke(actor, actor.handle(), visit.pathParam("id"));
    visit.redirect(actor.tokenId().equals(Optional.of(revoked)) ? "/console/sign-in" : PATH);
  }

  private void choose(Visit visit) {
    Actor actor = visit.signedIn().actor();
    submitDefault(
        visit,
        form -> {
          Fields fields = new Fields(form);
          Optional<Instance.Ref> service =
              fields.required(
                  "default_service", "Name a service as owner/handle.", Instance.Ref::of);
          Instance.Ref named = fields.check(service::orElseThrow);
          Problems.throwIfRefused(defaults.choose(actor, actor.handle(), named));
        });
  }

  private void forget(Visit visit) {
    Actor actor = visit.signedIn().actor();
    submitDefault(
        visit,
        form -> {
          Problems.throwIfRefused(defaults.forget(actor, actor.handle()));
        });
  }

  private void submitDefault(Visit visit, Consumer<Form> act) {
    Submission.of(
        visit,
        DEFAULT_FIELDS,
        form -> {
          act.accept(form);
          return PATH;
        },
        (problem, sent) ->
            show(
                visit,
                problem.status(),
                null,
                FormState.EMPTY,
                sent.with(problem, pointer -> "default_service")));
  }

  private void show(
      Visit visit, int status, @Nullable String fresh, FormState tokenForm, FormState defaultForm) {
    SessionActor who = visit.signedIn();
    Actor actor = who.actor();
    String after = visit.query("after").orElse("");
    views.show(
        visit,
        status,
        Area.ACCOUNT,
        "My account",
        "account",
        new AccountView(
            account.facts(who),
            tokens.page(actor, actor.handle(), PATH, true, after, fresh, tokenForm),
            account.defaultService(actor, defaultForm),
            account.ownKeys(visit),
            serviceAccounts.first(actor),
            account.sessions(who),
            account.identity(actor)));
  }

  /**
   * Lists the service accounts for which the viewer is responsible, and the age of the tokens of
   * these accounts.
   */
  public static final class ServiceAccountPage {
    private static final String PATH = "/console/account/service-accounts";

    /** The maximum number of service accounts on the page of the viewer's own account. */
    private static final int FIRST = 10;

    private final Users users;
    private final Views views;
    private final InstantSource clock;

    public ServiceAccountPage(Users users, Views views, InstantSource clock) {
      this.users = users;
      this.views = views;
      this.clock = clock;
    }

    public void addTo(Routes routes, Visitors visitors) {
      routes.pageAt(PATH).openGet(visitors.signedIn(this::show));
    }

    private void show(Visit visit) {
      views.show(
          visit,
          Area.ACCOUNT,
          "My service accounts",
          "serviceAccounts",
          read(visit.signedIn().actor(), Paging.asked(visit, CursorFormat.HANDLE)));
    }

    ServiceAccountsView first(Actor actor) {
      return read(actor, new PageRequest<>(Optional.empty(), FIRST));
    }

    private ServiceAccountsView read(Actor actor, PageRequest<Handle> asked) {
      Page<ServiceAccount, Handle> page =
          Problems.valueOf(users.listServiceAccounts(actor, actor.handle(), asked));
      return new ServiceAccountsView(
          page.items().stream()
              .map(one -> ServiceAccountsView.Line.of(one, clock.instant()))
              .toList(),
          Paging.next(page, CursorFormat.HANDLE, Links.to(PATH)));
    }
  }
}
