/** Projects and their members, over HTTP. */
@NullMarked
package io.claviger.web.projects;

import org.jspecify.annotations.NullMarked;
