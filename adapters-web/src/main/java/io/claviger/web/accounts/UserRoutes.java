package io.claviger.web.accounts;

import io.claviger.application.accounts.AccountOverview;
import io.claviger.application.accounts.Users;
import io.claviger.application.accounts.port.AccountOverviewStore.AccountFilter;
import io.claviger.application.accounts.port.AccountOverviewStore.ListedAccount;
import io.claviger.application.accounts.port.AccountOverviewStore.TrustUse;
import io.claviger.application.accounts.port.ServiceAccount;
import io.claviger.application.budgetreports.BudgetReport;
import io.claviger.application.budgetreports.BudgetReports;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.SearchText;
import io.claviger.domain.Field;
import io.claviger.domain.InvalidValue;
import io.claviger.domain.accounts.AccessToken;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.Responsible;
import io.claviger.domain.accounts.User;
import io.claviger.domain.accounts.UserKind;
import io.claviger.domain.fields.FieldWrites;
import io.claviger.web.budgets.BudgetReportJson;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.ResourceJson;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code /v1/me} and {@code /v1/users}. */
public final class UserRoutes implements RouteGroup {
  private static final ResourceJson<User> JSON = json();

  private final Users users;
  private final AccountOverview overview;
  private final BudgetReports budgets;

  public UserRoutes(Users users, AccountOverview overview, BudgetReports budgets) {
    this.users = users;
    this.overview = overview;
    this.budgets = budgets;
  }

  private static ResourceJson<User> json() {
    ResourceJson<User> json =
        new ResourceJson<User>()
            .readOnly("id", user -> user.id().value())
            .readOnly("handle", user -> user.handle().value());
    User.FIELDS.forEach(field -> json.field(field, User::values));
    return json.readOnly("kind", user -> user.kind().wireName())
        .readOnly("suspended", User::suspended)
        .versioned(User::version, User::createdAt, User::updatedAt);
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/me").get(this::me);
    routes
        .at("/v1/users")
        .get(this::list, "limit", "cursor", "q", "administrator", "kind")
        .post(this::create);
    routes
        .at("/v1/users/{user}/service-accounts")
        .get(this::listServiceAccounts, "limit", "cursor");
    routes.at("/v1/users/{user}").get(this::show).patch(this::update).delete(this::delete, "force");
  }

  private void me(ApiCall call) {
    call.ok(MeJson.of(users.me(call.actor()), call.actor().token(), budgets.ofToken(call.actor())));
  }

  private void list(ApiCall call) {
    AccountFilter filter =
        new AccountFilter(
            call.query().value("q", SearchText::new),
            call.query().flag("administrator"),
            call.query().value("kind", UserKind::of));
    PageRequest<Handle> page = call.page(CursorFormat.HANDLE);
    call.list(
        Problems.valueOf(overview.list(call.actor(), filter, page)),
        CursorFormat.HANDLE,
        UserRoutes::listed);
  }

  private static Map<String, @Nullable Object> listed(ListedAccount account) {
    Map<String, @Nullable Object> shown = JSON.of(account.user());
    shown.put("administrator_since", account.administratorSince().orElse(null));
    shown.put("last_used_at", account.lastUsedAt().orElse(null));
    shown.put("trusts", account.trusts().stream().map(TrustUseJson::of).toList());
    return shown;
  }

  /** A trust of a service account, with the time when it was last used. */
  record TrustUseJson(String name, String issuer, Optional<Instant> lastUsedAt) {
    static TrustUseJson of(TrustUse trust) {
      return new TrustUseJson(trust.name().value(), trust.issuer().value(), trust.lastUsedAt());
    }
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
      // Only this answer shows the token.
      Map<String, @Nullable Object> shown = JSON.of(created.user());
      shown.put("access_token", created.accessToken().reveal());
      call.created("/v1/users/" + created.user().handle(), shown);
    }
  }

  private void show(ApiCall call) {
    User user = Problems.valueOf(users.find(call.actor(), call.handle("user")));
    call.shown(JSON.of(user), user.version());
  }

  private void update(ApiCall call) {
    Handle user = call.handle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      FieldWrites update = fields.fields(User.FIELDS);
      Precondition precondition =
          call.done(fields, JSON.readOnly(), () -> current(call.actor(), user));
      call.ok(JSON.of(Problems.valueOf(users.update(call.actor(), user, precondition, update))));
    }
  }

  private CurrentState current(Actor actor, Handle handle) {
    User user = Problems.valueOf(users.find(actor, handle));
    return CurrentState.of(JSON.of(user), user.version());
  }

  private void delete(ApiCall call) {
    boolean force = call.query().flag("force").orElse(false);
    call.query().rejectUnread();
    Problems.throwIfRefused(
        users.delete(call.actor(), call.handle("user"), call.precondition(), force));
    call.noContent();
  }

  /**
   * A service account in the form in which the API shows it to the users who are responsible for
   * it.
   */
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

  /**
   * The caller, and the access token that the caller presented.
   *
   * @param budgets the budgets of the token; if the token is restricted to one service, also the
   *     budgets of this service
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
            token.scope().wireName(),
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

  private static final class UserReader {
    private static final JsonConverter<Handle> NEW_HANDLE =
        JsonConverter.text(Handle::new)
            .then(
                handle -> {
                  if (handle.isSystem()) {
                    throw new InvalidValue("handle", "a handle that does not start with _");
                  }
                  return handle;
                });

    private UserReader() {}

    static Users.NewUser creation(JsonObject fields) {
      Field<Handle> handle = fields.required("handle", NEW_HANDLE, "Give the user a handle.");
      FieldWrites writes = fields.fields(User.FIELDS);
      Field<UserKind> kind = fields.value("kind", JsonConverter.text(UserKind::of));
      fields.rejectUnread();
      return new Users.NewUser(handle.given().orElseThrow(), kind.or(UserKind.PERSON), writes);
    }
  }
}
