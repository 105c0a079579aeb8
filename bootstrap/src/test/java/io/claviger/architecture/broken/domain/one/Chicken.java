package io.claviger.architecture.broken.domain.one;

import io.claviger.architecture.broken.domain.two.Egg;

public record Chicken(Egg from) {}
