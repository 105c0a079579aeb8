package io.claviger.architecture.broken.domain.one;

record Nest(String place, int eggs) {
  Nest(String place) {
    this(place, 0);
  }
}
