/** Instances over HTTP, where they are called LLM services. */
@NullMarked
package io.claviger.web.instances;

import org.jspecify.annotations.NullMarked;
