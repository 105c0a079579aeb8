package io.claviger.web.instances;

import io.claviger.application.gateway.DraftChecks;
import io.claviger.application.instances.InstanceWrite;
import io.claviger.domain.instances.Instance;
import io.claviger.web.gateway.CheckRoutes;
import io.claviger.web.json.Body;
import io.claviger.web.json.JsonObject;
import io.claviger.web.server.ApiCall;
import io.claviger.web.server.RouteGroup;
import io.claviger.web.server.Routes;

/**
 * Checks a service that is not stored yet. The request has the same body as a {@code PUT} of the
 * service.
 */
public final class DraftCheckRoutes implements RouteGroup {
  private final DraftChecks checks;

  public DraftCheckRoutes(DraftChecks checks) {
    this.checks = checks;
  }

  @Override
  public void addTo(Routes routes) {
    routes.at("/v1/llm-services/{owner}/{handle}/draft/check").post(this::check);
  }

  private void check(ApiCall call) {
    Instance.Ref ref = new Instance.Ref(call.writtenHandle("owner"), call.newHandle("handle"));
    try (Body body = call.body()) {
      JsonObject fields = body.fields();
      InstanceWrite write = InstanceReader.write(fields, call.actor().handle());
      fields.rejectUnread();
      CheckRoutes.answer(call, checks.check(call.actor(), ref, write));
    }
  }
}
