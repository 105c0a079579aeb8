package io.claviger.web.sharing;

import io.claviger.application.shared.Actor;
import io.claviger.application.shared.PageRequest;
import io.claviger.application.shared.Precondition;
import io.claviger.application.sharing.EndShare;
import io.claviger.application.sharing.FindShares;
import io.claviger.application.sharing.ShareInstance;
import io.claviger.application.sharing.SharingModule;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.instances.InstanceRef;
import io.claviger.domain.sharing.Share;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.problems.Problems;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.CurrentState;
import io.claviger.web.server.CursorFormat;
import io.claviger.web.server.Routes;
import java.util.function.Supplier;

/** {@code /v1/llm-services/{owner}/{handle}/shares}. */
public final class ShareRoutes {
  private static final String SHARES = "/v1/llm-services/{owner}/{handle}/shares";

  private final FindShares find;
  private final ShareInstance share;
  private final EndShare end;

  public ShareRoutes(SharingModule sharing) {
    this.find = sharing.findShares();
    this.share = sharing.shareInstance();
    this.end = sharing.endShare();
  }

  public void addTo(Routes routes) {
    routes.at(SHARES).get(this::list, "limit", "cursor");
    routes.at(SHARES + "/{user}").get(this::show).put(this::share).delete(this::end);
  }

  private void list(ApiCall call) {
    InstanceRef ref = call.service();
    PageRequest<Handle> page = call.page(CursorFormat.HANDLE);
    switch (find.list(call.actor(), ref, page)) {
      case FindShares.ListOutcome.Listed listed ->
          call.list(listed.page(), CursorFormat.HANDLE, ShareJson::of);
      case FindShares.ListOutcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void show(ApiCall call) {
    switch (find.find(call.actor(), call.service(), call.handle("user"))) {
      case FindShares.Outcome.Found found ->
          call.shown(ShareJson.of(found.share()), found.share().version());
      case FindShares.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }

  private void share(ApiCall call) {
    InstanceRef ref = call.service();
    Handle user = call.writtenHandle("user");
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      Supplier<Share.Terms> terms = TermsReader.read(fields);
      Precondition precondition =
          call.done(fields, Grantee.READ_ONLY, () -> current(call.actor(), ref, user));
      switch (share.share(call.actor(), ref, user, precondition, terms.get())) {
        case ShareInstance.Outcome.Shared shared ->
            call.written(shared.created(), ShareJson.of(shared.share()));
        case ShareInstance.Outcome.Refused refused -> throw Problems.refusal(refused.why());
      }
    }
  }

  private CurrentState current(Actor actor, InstanceRef ref, Handle user) {
    return switch (find.find(actor, ref, user)) {
      case FindShares.Outcome.Found found ->
          CurrentState.of(ShareJson.of(found.share()), found.share().version());
      case FindShares.Outcome.Refused refused -> CurrentState.nothing(Grantee.of(user));
    };
  }

  private void end(ApiCall call) {
    InstanceRef ref = call.service();
    switch (end.end(call.actor(), ref, call.handle("user"), call.precondition())) {
      case EndShare.Outcome.Ended ended -> call.noContent();
      case EndShare.Outcome.Refused refused -> throw Problems.refusal(refused.why());
    }
  }
}
