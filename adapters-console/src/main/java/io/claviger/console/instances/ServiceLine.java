package io.claviger.console.instances;

import io.claviger.application.instances.InstanceView;
import io.claviger.console.page.ServiceAddress;
import io.claviger.domain.instances.Instance;
import io.claviger.domain.policy.ServiceState;
import io.claviger.domain.sharing.Role;
import org.jspecify.annotations.Nullable;

/**
 * A service, as a list shows it.
 *
 * @param role the viewer's role on the service; "–" for an administrator who has none
 * @param via the group, with its {@code @}, whose share lets the viewer use the service
 * @param keySetAt when the key of the service was stored (ISO 8601); null if no key is stored
 * @param keyless whether calls to the service need no key at the provider
 */
public record ServiceLine(
    String ref,
    String path,
    String displayName,
    String provider,
    String model,
    String role,
    @Nullable String via,
    @Nullable String keySetAt,
    boolean keyless,
    State state) {

  /** Whether the service can be called, in words and as a colour. */
  public record State(ServiceState known) {
    public String label() {
      return known.words();
    }

    /** Returns the CSS class that gives the state its colour. */
    public String tone() {
      return switch (known) {
        case READY -> "good";
        case DISABLED, NOT_PERMITTED -> "muted";
        case NO_KEY, DESTINATION_NOT_ALLOWED -> "warn";
        case UNREACHABLE, KEY_REJECTED -> "bad";
      };
    }
  }

  public static ServiceLine of(InstanceView view) {
    Instance instance = view.instance();
    return new ServiceLine(
        instance.ref().toString(),
        ServiceAddress.path(instance.ref()),
        instance.settings().displayName().value(),
        instance.provider().wireName(),
        instance.settings().fields().model().value(),
        view.role().map(Role::wireName).orElse("–"),
        view.via().map(group -> "@" + group).orElse(null),
        instance.apiKeySetAt().map(Object::toString).orElse(null),
        instance.placement().isNone(),
        new State(view.state()));
  }

  /** Whether the service is enabled. */
  public boolean enabled() {
    return state.known() != ServiceState.DISABLED;
  }

  /** Whether the viewer owns the service. Owners may end the shares of others. */
  public boolean owned() {
    return Role.OWNER.wireName().equals(role);
  }
}
