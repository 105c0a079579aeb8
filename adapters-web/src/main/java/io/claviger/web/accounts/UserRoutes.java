package io.claviger.web.accounts;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Precondition;
import io.claviger.domain.Email;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.TokenText;
import io.claviger.domain.accounts.User;
import io.claviger.web.budgets.BudgetReportJson;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/me} and {@code /v1/users}. */
public final class UserRoutes implements RouteGroup {
  private final Users users;
  private final BudgetReports budgets;

  public UserRoutes(Users users, BudgetReports budgets) {
    this.users = users;
    this.budgets = budgets;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/me").get(this::me);
    routes.at("/v1/users").get(this::list, "limit", "cursor").post(this::create);
    routes
        .at("/v1/users/{user}/service-accounts")
        .get(this::listServiceAccounts, "limit", "cursor");
    routes.at("/v1/users/{user}").get(this::show).patch(this::update).delete(this::delete, "force");
  }

  private void me(ApiCall call) {
    call.ok(MeJson.of(users.me(call.actor()), call.actor().token(), budgets.ofToken(call.actor())));
  }

  private void list(ApiCall call) {
    call.list(
        Problems.valueOf(users.list(call.actor(), call.page(CursorFormat.HANDLE))),
        CursorFormat.HANDLE,
        UserJson::of);
  }

  private void listServiceAccounts(ApiCall call) {
    call.list(
        Problems.valueOf(
            users.listServiceAccounts(
                call.actor(), call.handle("user"), call.page(CursorFormat.HANDLE))),
        CursorFormat.HANDLE,
        ServiceAccountJson::of);
  }

  private void create(ApiCall call) {
    try (Body body = call.body()) {
      Users.CreatedUser created =
          Problems.valueOf(users.create(call.actor(), UserReader.creation(body.fields())));
      call.created(
          "/v1/users/" + created.user().handle(),
          NewUserJson.of(created.user(), created.accessToken()));
    }
  }

  private void show(ApiCall call) {
    User user = Problems.valueOf(users.find(call.actor(), call.handle("user")));
    call.shown(UserJson.of(user), user.version());
  }

  private void update(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Users.UserUpdate update = UserReader.update(fields);
      Precondition precondition =
          call.done(fields, UserReader.READ_ONLY, () -> current(call.actor(), user));
      call.ok(
          UserJson.of(Problems.valueOf(users.update(call.actor(), user, precondition, update))));
    }
  }

  private CurrentState current(Actor actor, Handle handle) {
    User user = Problems.valueOf(users.find(actor, handle));
    return CurrentState.of(UserJson.of(user), user.version());
  }

  private void delete(ApiCall call) {
    boolean force = call.query().flag("force").orElse(false);
    call.query().rejectUnread();
    Handle unused =
        Problems.valueOf(
            users.delete(call.actor(), call.handle("user"), call.precondition(), force));
    call.noContent();
  }

  /** A new user with their first access token. The token is shown only here, once. */
  record NewUserJson(@JsonUnwrapped UserJson user, String accessToken) {
    static NewUserJson of(User user, TokenText token) {
      return new NewUserJson(UserJson.of(user), token.reveal());
    }
  }

  /** A service account as the API shows it to those who are responsible for it. */
  record ServiceAccountJson(
      String handle,
      String displayName,
      String responsible,
      boolean suspended,
      int liveTokens,
      Optional<Instant> oldestTokenAt,
      Optional<Instant> lastUsedAt) {

    static ServiceAccountJson of(ServiceAccount one) {
      User account = one.account();
      return new ServiceAccountJson(
          account.handle().value(),
          account.displayName().value(),
          account.responsible().map(Responsible::name).orElseThrow(),
          account.suspended(),
          one.liveTokens(),
          one.oldestTokenAt(),
          one.lastUsedAt());
    }
  }

  /** A user as the API shows them. */
  record UserJson(
      UUID id,
      String handle,
      String displayName,
      Optional<String> email,
      boolean administrator,
      String kind,
      Optional<String> responsible,
      boolean suspended,
      long version,
      Instant createdAt,
      Instant updatedAt) {

    static UserJson of(User user) {
      return new UserJson(
          user.id().value(),
          user.handle().value(),
          user.displayName().value(),
          user.email().map(Email::value),
          user.administrator(),
          user.kind().name().toLowerCase(Locale.ROOT),
          user.responsible().map(Responsible::name),
          user.suspended(),
          user.version(),
          user.createdAt(),
          user.updatedAt());
    }
  }

  /**
   * The caller, and the access token that they presented.
   *
   * @param budgets the budgets of the token, and of its service if it is restricted to one
   */
  record MeJson(
      String handle,
      String displayName,
      boolean administrator,
      Optional<Token> token,
      List<BudgetReportJson> budgets) {
    record Token(
        UUID id,
        String name,
        String scope,
        Optional<Instant> expiresAt,
        Optional<String> service,
        Optional<String> project) {
      static Token of(AccessToken token) {
        return new Token(
            token.id().value(),
            token.name().value(),
            TokenJson.scope(token.scope()),
            token.expiresAt(),
            TokenJson.service(token),
            TokenJson.project(token));
      }
    }

    static MeJson of(User user, Optional<AccessToken> token, List<BudgetReport> budgets) {
      return new MeJson(
          user.handle().value(),
          user.displayName().value(),
          user.administrator(),
          token.map(Token::of),
          budgets.stream().map(BudgetReportJson::of).toList());
    }
  }
}
