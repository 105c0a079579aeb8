package io.claviger.console.page;

import io.claviger.domain.accounts.Handle;
import java.util.List;
import java.util.stream.Stream;

/** The parts of the console, in the order of the navigation. */
public enum Area {
  HOME("Home", "/console", Group.DAILY, false),
  SERVICES("Services", "/console/services", Group.DAILY, false),
  USAGE("Usage", "/console/usage", Group.DAILY, false),
  REQUESTS("Requests", "/console/requests", Group.DAILY, false),
  MODELS("Models", "/console/models", Group.LEND, false),
  DEFINITIONS("Definitions", "/console/definitions", Group.LEND, false),
  PROJECTS("Projects", "/console/projects", Group.LEND, false),
  TRANSFERS("Transfers", "/console/transfers", Group.LEND, false),
  WHY("Why", "/console/why", Group.LEND, false),
  BUDGETS("Budgets", "/console/budgets", Group.MONEY, false),
  PRICES("Prices", "/console/prices", Group.MONEY, false),
  PEOPLE("People", "/console/people", Group.PEOPLE, true),
  GROUPS("Groups", "/console/groups", Group.PEOPLE, false),
  AUDIT("Audit", "/console/audit", Group.SYSTEM, false),
  KEYS("Age of keys", "/console/audit/keys", Group.SYSTEM, true),
  ISSUERS("Trusted issuers", "/console/trusted-issuers", Group.SYSTEM, true),
  SCIM("SCIM", "/console/scim", Group.SYSTEM, true),
  OPERATIONS("Operations", "/console/operations", Group.SYSTEM, true),
  SEARCH("Search", "/console/search", Group.SELF, false),
  ACCOUNT("My account", "/console/account", Group.SELF, false);

  private final String label;
  private final String path;
  private final Group group;
  private final boolean forAdministrators;

  Area(String label, String path, Group group, boolean forAdministrators) {
    this.label = label;
    this.path = path;
    this.group = group;
    this.forAdministrators = forAdministrators;
  }

  /** The groups into which the navigation divides the parts of the console, by purpose. */
  private enum Group {
    DAILY(""),
    LEND("Lend"),
    MONEY("Money"),
    PEOPLE("People"),
    SYSTEM("System"),
    /** The search at the top of the navigation, and the viewer's account at its bottom. */
    SELF("");

    private final String label;

    Group(String label) {
      this.label = label;
    }
  }

  /**
   * A group of parts of the console, as the navigation shows it.
   *
   * @param label the heading of the group; empty for the group of the parts that everybody uses
   */
  public record AreaGroup(String label, List<Area> areas) {
    public AreaGroup {
      areas = List.copyOf(areas);
    }
  }

  public String label() {
    return label;
  }

  public String path() {
    return path;
  }

  /**
   * Returns the path of the page about a single thing in this part of the console, such as one
   * person.
   */
  public String path(String handle) {
    return path + "/" + handle;
  }

  public String path(Handle handle) {
    return path(handle.value());
  }

  /** Returns the groups of the navigation, with the parts that this viewer may open. */
  public static List<AreaGroup> offeredTo(boolean administrator) {
    return Stream.of(Group.values())
        .filter(group -> group != Group.SELF)
        .map(group -> new AreaGroup(group.label, areasOf(group, administrator)))
        .toList();
  }

  private static List<Area> areasOf(Group group, boolean administrator) {
    return Stream.of(values())
        .filter(area -> area.group == group && (administrator || !area.forAdministrators))
        .toList();
  }
}
