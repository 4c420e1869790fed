/** The outline of the page while nothing is known yet, as high as what will replace it. */
export function PageSkeleton() {
  return (
    <div role="status" aria-label="Loading">
      <div className="skeleton filter-skeleton" />
      <div className="key-figures">
        {[0, 1, 2, 3, 4].map((index) => (
          <div key={index} className="card key-figure">
            <div className="skeleton key-skeleton" />
          </div>
        ))}
      </div>
      <div className="figures">
        {[0, 1, 2, 3].map((index) => (
          <div key={index} className="card figure">
            <div className="skeleton figure-skeleton" />
          </div>
        ))}
      </div>
    </div>
  );
}
