/** The prices of models: those of the deployment, and those of single services. */
@NullMarked
package io.claviger.application.prices;

import org.jspecify.annotations.NullMarked;
