/** What was used: by day, and by service, person, project or model. */
@NullMarked
package io.claviger.console.usage;

import org.jspecify.annotations.NullMarked;
