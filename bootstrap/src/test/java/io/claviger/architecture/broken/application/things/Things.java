package io.claviger.architecture.broken.application.things;

import io.claviger.application.shared.Actor;

/** A port whose operation can be refused, and tells nobody. */
public interface Things {
  void attempt(Actor actor);
}
