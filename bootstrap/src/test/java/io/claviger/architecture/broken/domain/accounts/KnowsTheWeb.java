package io.claviger.architecture.broken.domain.accounts;

import io.claviger.architecture.broken.web.things.Page;

/** A rule that knows how it is shown. */
public record KnowsTheWeb(Page page) {}
