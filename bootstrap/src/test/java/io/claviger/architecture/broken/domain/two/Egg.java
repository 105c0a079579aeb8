package io.claviger.architecture.broken.domain.two;

import io.claviger.architecture.broken.domain.one.Chicken;

public interface Egg {
  Chicken hatched();
}
