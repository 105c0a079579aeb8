package io.claviger.web.sharing;

import io.claviger.application.prices.ServicePrices;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.shared.SearchText;
import io.claviger.application.shares.GivenShare;
import io.claviger.application.sharing.Sharing;
import io.claviger.domain.AppliedBy;
import io.claviger.domain.Field;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.sharing.GranteeName;
import io.claviger.domain.sharing.Share;
import io.claviger.domain.sharing.TermsWrite;
import io.claviger.web.json.AppliedByField;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** {@code /v1/llm-services/{owner}/{handle}/shares}. */
public final class ShareRoutes implements RouteGroup {
  private static final List<String> READ_ONLY =
      Stream.concat(GranteeFields.READ_ONLY.stream(), Stream.of("depends_on")).toList();

  private static final String SHARES = "/v1/llm-services/{owner}/{handle}/shares";

  private final Sharing sharing;
  private final ServicePrices prices;

  public ShareRoutes(Sharing sharing, ServicePrices prices) {
    this.sharing = sharing;
    this.prices = prices;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at(SHARES).get(this::list, "limit", "cursor", "q");
    routes.at(SHARES + "/{user}").resource(this::show, this::share, this::patch, this::end);
  }

  private void list(ApiCall call) {
    Instance.Ref ref = call.service();
    Optional<SearchText> text = call.query().value("q", SearchText::new);
    PageRequest<GranteeName> page = call.page(CursorFormat.GRANTEE);
    call.list(
        Problems.valueOf(sharing.list(call.actor(), ref, text, page)),
        CursorFormat.GRANTEE,
        ShareJson::of);
  }

  private void show(ApiCall call) {
    Share found = Problems.valueOf(sharing.find(call.actor(), call.service(), call.grantee()));
    call.shown(ShareJson.of(found), found.version());
  }

  private void share(ApiCall call) {
    Instance.Ref ref = call.service();
    GranteeName grantee = call.writtenGrantee();
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Supplier<Share.Terms> terms = TermsReader.replacement(fields);
      Field<AppliedBy> appliedBy = AppliedByField.read(fields);
      Precondition precondition = done(call, fields, ref, grantee);
      Optional<Handle> left = poolLeft(call.actor(), ref, grantee);
      GivenShare shared =
          Problems.valueOf(
              sharing.share(call.actor(), ref, grantee, precondition, terms.get(), appliedBy));
      call.written(
          shared.created(),
          ShareJson.of(
                  shared,
                  !fields.has("limits"),
                  !fields.has("pooled_limits"),
                  leftBy(call.actor(), ref, grantee, left))
              .refusing(withoutPrice(call.actor(), ref, shared.share())));
    }
  }

  private List<ModelName> withoutPrice(Actor actor, Instance.Ref ref, Share share) {
    return prices
        .unpriced(actor, ref, share.terms())
        .asOptional()
        .filter(ServicePrices.Unpriced::refused)
        .map(ServicePrices.Unpriced::models)
        .orElse(List.of());
  }

  private Optional<Handle> poolLeft(Actor actor, Instance.Ref ref, GranteeName grantee) {
    return sharing.poolLeftBy(actor, ref, grantee).asOptional().flatMap(done -> done);
  }

  /**
   * Returns the group whose pooled limits applied before a write and no longer apply. If the
   * written share has already expired, the pooled limits still apply, and the result is empty.
   */
  private Optional<Handle> leftBy(
      Actor actor, Instance.Ref ref, GranteeName grantee, Optional<Handle> before) {
    return before.filter(pool -> poolLeft(actor, ref, grantee).isEmpty());
  }

  private void patch(ApiCall call) {
    Instance.Ref ref = call.service();
    GranteeName grantee = call.grantee();
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      TermsWrite write = TermsReader.change(fields);
      Field<AppliedBy> appliedBy = AppliedByField.read(fields);
      Precondition precondition = done(call, fields, ref, grantee);
      Optional<Handle> left = poolLeft(call.actor(), ref, grantee);
      GivenShare changed =
          Problems.valueOf(
              sharing.change(call.actor(), ref, grantee, precondition, write, appliedBy));
      call.ok(
          ShareJson.of(changed, false, false, leftBy(call.actor(), ref, grantee, left))
              .refusing(withoutPrice(call.actor(), ref, changed.share())));
    }
  }

  private Precondition done(
      ApiCall call, JsonObject fields, Instance.Ref ref, GranteeName grantee) {
    fields.ignore("limits_removed");
    fields.ignore("pooled_limits_removed");
    fields.ignore("leaves_pool");
    fields.ignore("models_without_price");
    return call.done(fields, READ_ONLY, () -> current(call.actor(), ref, grantee));
  }

  private CurrentState current(Actor actor, Instance.Ref ref, GranteeName grantee) {
    return CurrentState.of(
        sharing.find(actor, ref, grantee),
        ShareJson::of,
        Share::version,
        GranteeFields.of(grantee));
  }

  private void end(ApiCall call) {
    Instance.Ref ref = call.service();
    Problems.throwIfRefused(sharing.end(call.actor(), ref, call.grantee(), call.precondition()));
    call.noContent();
  }
}
