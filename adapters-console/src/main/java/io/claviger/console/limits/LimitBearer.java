package io.claviger.console.limits;

import io.claviger.application.limits.AssignedLimits;
import io.claviger.application.limits.port.AssignedLimitsStore.StoredLimits;
import io.claviger.application.shared.Actor;
import io.claviger.application.shared.Outcome;
import io.claviger.application.shared.Precondition;
import io.claviger.console.page.Area;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.policy.Limits;

/** The user or group whose limits a page shows. */
interface LimitBearer {
  Area area();

  String title();

  String explanation();

  String path();

  String back();

  Outcome<StoredLimits> find(Actor actor);

  Outcome<StoredLimits> save(Actor actor, Precondition precondition, Limits limits);

  record OneUser(AssignedLimits assignedLimits, Handle user) implements LimitBearer {
    @Override
    public Area area() {
      return Area.PEOPLE;
    }

    @Override
    public String title() {
      return "Limits of " + user;
    }

    @Override
    public String explanation() {
      return "They apply to all calls of " + user + ", to any service.";
    }

    @Override
    public String path() {
      return back() + "/limits";
    }

    @Override
    public String back() {
      return "/console/people/" + user;
    }

    @Override
    public Outcome<StoredLimits> find(Actor actor) {
      return assignedLimits.ofUser(actor, user);
    }

    @Override
    public Outcome<StoredLimits> save(Actor actor, Precondition precondition, Limits limits) {
      return assignedLimits.putOfUser(actor, user, precondition, limits);
    }
  }

  /**
   * @param pooled whether the limits apply to all members together instead of to each member
   */
  record OneGroup(AssignedLimits assignedLimits, Handle group, boolean pooled)
      implements LimitBearer {
    @Override
    public Area area() {
      return Area.GROUPS;
    }

    @Override
    public String title() {
      return pooled ? "Limits of @" + group + " together" : "Limits of each member of @" + group;
    }

    @Override
    public String explanation() {
      return pooled
          ? "They apply to the calls of all members of @" + group + " together."
          : "They apply to all calls of each member of @" + group + ", to any service.";
    }

    @Override
    public String path() {
      return back() + (pooled ? "/pooled-limits" : "/limits");
    }

    @Override
    public String back() {
      return "/console/groups/" + group;
    }

    @Override
    public Outcome<StoredLimits> find(Actor actor) {
      return assignedLimits.ofGroup(actor, group, pooled);
    }

    @Override
    public Outcome<StoredLimits> save(Actor actor, Precondition precondition, Limits limits) {
      return assignedLimits.putOfGroup(actor, group, pooled, precondition, limits);
    }
  }
}
