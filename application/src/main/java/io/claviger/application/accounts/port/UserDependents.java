package io.claviger.application.accounts.port;

import java.util.ArrayList;
import java.util.List;

/**
 * The things that other users would lose if a user were deleted. For each kind of thing, this
 * record has the number of things and the first 20 names.
 *
 * @param services the user's instances that are shared with other users, as {@code owner/handle}
 * @param projects the user's projects through which other users call a service, as {@code
 *     owner/handle}
 * @param accounts the handles of the service accounts for which nobody else is responsible
 * @param groups the local groups with several members and no other manager, as {@code @handle}
 */
public record UserDependents(Kind services, Kind projects, Kind accounts, Kind groups) {
  public record Kind(int count, List<String> named) {
    public static final Kind NONE = new Kind(0, List.of());

    public Kind {
      named = List.copyOf(named);
    }

    private String sentence(String one, String several) {
      String head = count == 1 ? "1 " + one : count + " " + several;
      return head + " (" + String.join(", ", named) + (count > named.size() ? ", …" : "") + ")";
    }
  }

  public boolean isEmpty() {
    return services.count() + projects.count() + accounts.count() + groups.count() == 0;
  }

  /** Returns a human-readable sentence such as {@code Others depend on 1 service (alice/x).} */
  public String sentence() {
    List<String> parts = new ArrayList<>();
    if (services.count() > 0) {
      parts.add(services.sentence("shared LLM service", "shared LLM services"));
    }
    if (projects.count() > 0) {
      parts.add(projects.sentence("shared project", "shared projects"));
    }
    if (accounts.count() > 0) {
      parts.add(accounts.sentence("service account", "service accounts"));
    }
    if (groups.count() > 0) {
      parts.add(groups.sentence("group without another manager", "groups without another manager"));
    }
    return "Others depend on " + String.join(", ", parts) + ".";
  }
}
