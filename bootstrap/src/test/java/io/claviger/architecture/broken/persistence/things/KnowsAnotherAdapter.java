package io.claviger.architecture.broken.persistence.things;

import io.claviger.architecture.broken.web.things.Page;

public record KnowsAnotherAdapter(Page page) {}
