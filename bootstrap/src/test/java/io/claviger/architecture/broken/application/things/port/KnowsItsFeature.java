package io.claviger.architecture.broken.application.things.port;

import io.claviger.architecture.broken.application.things.Things;

/** Reaches back into the feature whose out-port it is. */
interface KnowsItsFeature {
  Things things();
}
