package io.claviger.web.requests;

import io.claviger.application.requests.BorrowRequests;
import io.claviger.application.requests.BorrowRequests.GrantProposal;
import io.claviger.application.requests.BorrowRequests.Granted;
import io.claviger.application.requests.BorrowRequests.RequestFilter;
import io.claviger.application.requests.BorrowRequests.RequestGrant;
import io.claviger.application.requests.BorrowRequests.Wish;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.Refusal;
import io.claviger.domain.Fault;
import io.claviger.domain.Field;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.budgets.Budget;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.requests.BorrowRequest;
import io.claviger.domain.requests.RequestNote;
import io.claviger.domain.requests.RequestSide;
import io.claviger.domain.requests.RequestState;
import io.claviger.domain.requests.RequestedTerms;
import io.claviger.domain.sharing.Role;
import io.claviger.domain.sharing.Share;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonConverter;
import io.claviger.web.json.JsonObject;
import io.claviger.web.json.Times;
import io.claviger.web.policy.BudgetReader;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Query;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import io.claviger.web.sharing.TermsReader;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code /v1/requests}, and the paths at which users request access to a service. */
public final class BorrowRequestRoutes implements RouteGroup {
  private static final String REQUESTS = "/v1/requests";

  private final BorrowRequests requests;

  public BorrowRequestRoutes(BorrowRequests requests) {
    this.requests = requests;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/requests").post(this::ask);
    routes.at(REQUESTS).get(this::list, "limit", "cursor", "state", "asked");
    routes.at(REQUESTS + "/{id}").get(this::show).delete(this::withdraw);
    routes.at(REQUESTS + "/{id}/grant").post(this::grant);
    routes.at(REQUESTS + "/{id}/decline").post(this::decline);
  }

  private void ask(ApiCall call) {
    Instance.Ref service = call.service();
    try (Body body = call.body()) {
      Wish wish = WishReader.wish(body.fields());
      BorrowRequest asked = Problems.valueOf(requests.ask(call.actor(), service, wish));
      call.created(REQUESTS + "/" + asked.id().value(), json(call, asked));
    }
  }

  private void list(ApiCall call) {
    Query query = call.query();
    RequestFilter filter =
        new RequestFilter(
            query.value("asked", RequestSide::of), query.value("state", RequestState::of));
    User.Id viewer = call.actor().id();
    call.list(
        Problems.valueOf(requests.list(call.actor(), filter, call.page(CursorFormat.TIME))),
        CursorFormat.TIME,
        request -> BorrowRequestJson.of(request, viewer));
  }

  private void show(ApiCall call) {
    BorrowRequest found = Problems.valueOf(requests.find(call.actor(), id(call)));
    call.ok(BorrowRequestJson.proposed(found, call.actor().id(), proposal(call.actor(), found)));
  }

  /**
   * Returns the terms that a grant of the request would give; empty if the viewer may not grant the
   * request, or if the request is no longer open.
   */
  private Optional<GrantProposal> proposal(Actor actor, BorrowRequest found) {
    return requests.proposal(actor, found.id()).asOptional();
  }

  private void grant(ApiCall call) {
    RequestGrant grant =
        call.optionalBody(fields -> grant(call, fields))
            .orElseGet(
                () -> new RequestGrant(Optional.empty(), call.precondition(), Optional.empty()));
    Outcome<Granted> outcome = requests.grant(call.actor(), id(call), grant);
    Granted granted = Problems.valueOf(grant.terms().isPresent() ? withinShare(outcome) : outcome);
    call.ok(BorrowRequestJson.of(granted.request(), call.actor().id(), granted.share()));
  }

  /** Lets the faults of a share's terms point to the field {@code share} of the body. */
  private static Outcome<Granted> withinShare(Outcome<Granted> outcome) {
    return outcome instanceof Outcome.Refused<Granted> refused
            && refused.why() instanceof Refusal.Invalid invalid
        ? new Outcome.Refused<>(
            new Refusal.Invalid(
                invalid.faults().stream()
                    .map(f -> new Fault("/share" + f.pointer(), f.code(), f.detail()))
                    .toList()))
        : outcome;
  }

  private static RequestGrant grant(ApiCall call, JsonObject fields) {
    Optional<JsonObject> share = fields.nested("share");
    Optional<Supplier<Share.Terms>> terms = share.map(TermsReader::replacement);
    Precondition unchanged = share.map(call::precondition).orElseGet(call::precondition);
    share.ifPresent(JsonObject::recordUnknownFields);
    Field<Handle> leavesPool = fields.value("leaves_pool", JsonConverter.text(Handle::new));
    fields.rejectUnread();
    return new RequestGrant(terms.map(Supplier::get), unchanged, leavesPool.given());
  }

  private void decline(ApiCall call) {
    call.emptyBody();
    call.ok(json(call, Problems.valueOf(requests.decline(call.actor(), id(call)))));
  }

  private void withdraw(ApiCall call) {
    Problems.throwIfRefused(requests.withdraw(call.actor(), id(call)));
    call.noContent();
  }

  private static BorrowRequestJson json(ApiCall call, BorrowRequest request) {
    return BorrowRequestJson.of(request, call.actor().id());
  }

  private static BorrowRequest.Id id(ApiCall call) {
    return new BorrowRequest.Id(call.id("id"));
  }

  /** Reads the terms that an asker requests. */
  private static final class WishReader {
    private WishReader() {}

    static Wish wish(JsonObject fields) {
      Field<Role> role = fields.nullable("role", JsonConverter.text(Role::of));
      Field<Set<ModelPattern>> models = fields.nullable("models", all(ModelPattern::written));
      Field<Set<Operation>> operations = fields.nullable("operations", all(Operation::new));
      Field<Budget> budget = fields.nullable("budget", BudgetReader.ONE);
      Field<Instant> until = fields.nullable("until", Times.instant("until"));
      Field<RequestNote> note = fields.nullable("note", JsonConverter.text(RequestNote::new));
      fields.rejectUnread();
      return new Wish(
          new RequestedTerms(
              role.given(),
              models.given().orElse(Set.of()),
              operations.given().orElse(Set.of()),
              budget.given(),
              until.given()),
          note.given());
    }

    private static <T> JsonConverter<Set<T>> all(Function<String, T> make) {
      JsonConverter<List<T>> list = JsonConverter.listOf(JsonConverter.text(make));
      return list.then(Set::copyOf);
    }
  }
}
