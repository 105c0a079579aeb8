/** Projects: named uses of one instance, and their members. */
@NullMarked
package io.claviger.application.projects;

import org.jspecify.annotations.NullMarked;
