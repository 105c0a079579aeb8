/** HTTP routes for instances, which the API calls LLM services. */
@NullMarked
package io.claviger.web.instances;

import org.jspecify.annotations.NullMarked;
